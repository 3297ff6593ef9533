// Amounts as people write them, in tokens, and as the chain counts them, in the mint's smallest units.
import { CliError } from '../errors.ts'

const U64_MAX = 2n ** 64n - 1n

/** '1.25' with 6 decimals is 1250000. */
export function unitsOf(tokens: string, decimals: number): bigint {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(tokens)
  if (parts === null)
    throw new CliError('usage', `'${tokens}' is no amount of tokens: write it like 1 or 0.25.`)
  const [, whole = '0', fraction = ''] = parts
  if (fraction.length > decimals) {
    throw new CliError('usage', `'${tokens}' is finer than this token: it has ${decimals} decimals.`)
  }
  const units = BigInt(whole) * 10n ** BigInt(decimals) + BigInt(fraction.padEnd(decimals, '0') || '0')
  if (units > U64_MAX) throw new CliError('usage', `'${tokens}' is more than any token account can hold.`)
  return units
}

export function tokensOf(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
