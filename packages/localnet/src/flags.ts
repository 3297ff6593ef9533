// The command line of the local chain.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { MintToMake, ProgramToDeploy } from './chain/genesis.ts'
import { LocalnetError } from './errors.ts'
import { DEFAULT_SLOT_MS, type LocalnetOptions } from './localnet.ts'
import { ADDRESS_BYTES, isBase58Of, toBase58 } from './vm/address.ts'

/** Where Solana's tools look for a local cluster. */
const DEFAULT_PORT = 8_899
const MAX_PORT = 65_534
/** Slower slots are no use to anybody, and timers have an end. */
const MAX_SLOT_MS = 3_600_000
const MAX_DECIMALS = 18
const MAX_U64 = 2n ** 64n - 1n

export const HELP: string = `A local Solana: litesvm behind the standard JSON-RPC, for work on this machine.

  --port N               HTTP and WebSocket; N+1 takes WebSocket too (default ${DEFAULT_PORT}, 0 for any)
  --host ADDRESS         what to listen on (default 127.0.0.1)
  --ledger DIR           keep the chain in DIR, and go on with the one that is there
  --slot-ms N            milliseconds per slot (default ${DEFAULT_SLOT_MS})
  --key FILE             the funded key; made if there is none (default key.json in the ledger)
  --program ADDRESS=FILE deploy a program's .so at an address; again for more
  --mint ADDRESS[:DECIMALS[:TOKENS]]
                         make a mint with the funded key as authority and its first holder;
                         'new' makes up an address (default 9 decimals, no tokens); again for more
  --json                 print one line of JSON when ready
  --help

Examples:
  node packages/localnet/src/main.ts --ledger ./chain
  node packages/localnet/src/main.ts --port 0 --mint new:6:1000000 --json`

export interface Flags {
  readonly options: LocalnetOptions
  readonly json: boolean
}

/** Undefined when help is asked for. */
export async function readFlags(
  args: readonly string[],
  random: (bytes: number) => Uint8Array,
): Promise<Flags | undefined> {
  const values = parsed(args)
  if (values.help) return undefined
  const { ledger, host, key } = values
  const options = {
    port: wholeNumber('--port', values.port ?? String(DEFAULT_PORT), [0, MAX_PORT]),
    slotMs: wholeNumber('--slot-ms', values['slot-ms'] ?? String(DEFAULT_SLOT_MS), [1, MAX_SLOT_MS]),
    programs: await Promise.all((values.program ?? []).map(readProgram)),
    mints: (values.mint ?? []).map((text) => readMint(text, random)),
    ...(ledger === undefined ? {} : { ledger }),
    ...(host === undefined ? {} : { host }),
    ...(key === undefined ? {} : { keyFile: key }),
  }
  return { options, json: values.json ?? false }
}

function parsed(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        ledger: { type: 'string' },
        'slot-ms': { type: 'string' },
        key: { type: 'string' },
        program: { type: 'string', multiple: true },
        mint: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    return values
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
}

function bad(what: string): LocalnetError {
  return new LocalnetError('option/invalid', `${what} (--help lists the options)`)
}

function wholeNumber(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw bad(`${name} is a whole number from ${least} to ${most}, not '${text}'`)
  }
  return value
}

async function readProgram(text: string): Promise<ProgramToDeploy> {
  const split = text.indexOf('=')
  const address = text.slice(0, Math.max(0, split))
  const file = text.slice(split + 1)
  if (!isBase58Of(address, ADDRESS_BYTES)) throw bad(`--program wants ADDRESS=FILE, not '${text}'`)
  const elf = await readFile(file).catch((error: unknown) => {
    throw bad(`--program: ${error instanceof Error ? error.message : String(error)}`)
  })
  return { address, elf }
}

function readMint(text: string, random: (bytes: number) => Uint8Array): MintToMake {
  const [name = '', digits = '9', tokens = '0', ...rest] = text.split(':')
  const address = name === 'new' ? toBase58(random(ADDRESS_BYTES)) : name
  const decimals = wholeNumber('--mint: DECIMALS', digits, [0, MAX_DECIMALS])
  if (!isBase58Of(address, ADDRESS_BYTES) || !/^\d+$/.test(tokens) || rest.length > 0) {
    throw bad(`--mint wants ADDRESS[:DECIMALS[:TOKENS]], not '${text}'`)
  }
  const amount = BigInt(tokens) * 10n ** BigInt(decimals)
  if (amount > MAX_U64)
    throw bad(`--mint: ${tokens} tokens of ${decimals} decimals are more than a mint can hold`)
  return { address, decimals, amount }
}
