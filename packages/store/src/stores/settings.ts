// Settings: small values with a name and a type, for what a daemon has to remember about itself.
import { readU64, toHex, u64le } from '@piecework/protocol'
import { StoreError } from '../errors.ts'
import { KEPT, keyOf } from '../records/keys.ts'
import type { Records } from '../records/records.ts'

/** A name in the key: short. */
const NAME_BYTES = 64
/** Settings are small: what is larger is content. */
const VALUE_BYTES = 65_536

export interface Setting<T> {
  readonly name: string
  readonly encode: (value: T) => Uint8Array
  /** Throws when the bytes are no such value. */
  readonly decode: (bytes: Uint8Array) => T
}

export interface Settings {
  get<T>(setting: Setting<T>): Promise<T | undefined>
  set<T>(setting: Setting<T>, value: T): Promise<void>
  delete(setting: Pick<Setting<never>, 'name'>): Promise<void>
}

export function settings(records: Records): Settings {
  return {
    async get(setting) {
      const bytes = await records.get(settingKey(setting.name))
      if (bytes === undefined) return undefined
      try {
        return setting.decode(bytes)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw invalid(
          setting.name,
          `what is stored has another form (${why}, ${toHex(bytes.subarray(0, 16))})`,
        )
      }
    },
    async set(setting, value) {
      const bytes = setting.encode(value)
      if (bytes.length > VALUE_BYTES) throw invalid(setting.name, `it has more than ${VALUE_BYTES} bytes`)
      await records.transact(async (transaction) => transaction.put(settingKey(setting.name), bytes))
    },
    delete: ({ name }) => records.transact(async (transaction) => transaction.delete(settingKey(name))),
  }
}

function settingKey(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name)
  if (bytes.length === 0 || bytes.length > NAME_BYTES)
    throw invalid(name, `a name has 1 to ${NAME_BYTES} bytes`)
  return keyOf(KEPT.settings, bytes)
}

function invalid(name: string, why: string): StoreError {
  return new StoreError('setting/invalid', `The setting '${name}' can't be used: ${why}.`, { name })
}

export function bytesSetting(name: string): Setting<Uint8Array> {
  return { name, encode: (value) => value, decode: (bytes) => bytes }
}

export function textSetting(name: string): Setting<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return {
    name,
    encode: (value) => new TextEncoder().encode(value),
    decode: (bytes) => decoder.decode(bytes),
  }
}

/** A u64: epochs, slots, nonces, amounts. */
export function u64Setting(name: string): Setting<bigint> {
  return {
    name,
    encode: u64le,
    decode: (bytes) => {
      if (bytes.length !== 8) throw new RangeError('not eight bytes')
      return readU64(bytes)
    },
  }
}

/** Anything that JSON holds; `parse` checks what comes back, as a schema does. */
export function jsonSetting<T>(name: string, parse: (value: unknown) => T): Setting<T> {
  const text = textSetting(name)
  return {
    name,
    encode: (value) => text.encode(JSON.stringify(value)),
    decode: (bytes) => parse(JSON.parse(text.decode(bytes))),
  }
}
