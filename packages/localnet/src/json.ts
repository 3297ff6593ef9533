// JSON with whole u64 numbers, as Solana's RPC speaks it: integers that a double can't hold are bigints here.

/** The parts of Node's JSON that TypeScript's library doesn't declare yet. */
interface RawJson {
  rawJSON(text: string): unknown
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown
}

const json: RawJson = JSON as unknown as RawJson
const INTEGER = /^-?\d+$/

export type JsonInteger = number | bigint

export function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? json.rawJSON(item.toString()) : item,
  )
}

export function parse(text: string): unknown {
  return json.parse(text, (_key, value, context) => {
    const source = context?.source
    const cut = typeof value === 'number' && !Number.isSafeInteger(value)
    return cut && source !== undefined && INTEGER.test(source) ? BigInt(source) : value
  })
}
