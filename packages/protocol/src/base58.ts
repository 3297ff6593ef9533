// Keys as people know them: Solana's wallets show addresses in Bitcoin's base58.

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

export function toBase58(bytes: Uint8Array): string {
  let number = 0n
  for (const byte of bytes) number = number * 256n + BigInt(byte)
  let digits = ''
  for (; number > 0n; number /= 58n) digits = ALPHABET.charAt(Number(number % 58n)) + digits
  // Zero bytes at the start have no weight, and stand as digits of zero.
  const nonZero = bytes.findIndex((byte) => byte !== 0)
  return ALPHABET.charAt(0).repeat(nonZero === -1 ? bytes.length : nonZero) + digits
}
