// Bytes that must still be there after a power cut, by their epoch and a name: inventories, reports, proposals, facts.
// They lie in the content store; which they are is a setting.
import { concat, fromHex, toHex } from '@piecework/protocol'
import { type ContentStore, jsonSetting, type Setting, type Settings } from '@piecework/store'
import { z } from 'zod'
import { sha256 } from './hashes.ts'

const listForm: z.ZodType<Readonly<Record<string, string>>> = z.record(
  z.string(),
  z.string().regex(/^[0-9a-f]{64}$/),
)

function listOf(epoch: number): Setting<Readonly<Record<string, string>>> {
  return jsonSetting(`verifier/kept/${epoch}`, (value) => listForm.parse(value))
}

export interface KeptPorts {
  readonly content: ContentStore
  readonly settings: Settings
}

export class Kept {
  readonly #ports: KeptPorts
  /** Lists are changed one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ports: KeptPorts) {
    this.#ports = ports
  }

  /** Durable when it resolves; what had the name before is forgotten. */
  keep(epoch: number, name: string, bytes: Uint8Array): Promise<void> {
    return this.#next(async () => {
      const { content, settings } = this.#ports
      const hash = sha256(bytes)
      await content.put(hash, [bytes])
      await content.pin(hash, true)
      const list = (await settings.get(listOf(epoch))) ?? {}
      const now = { ...list, [name]: toHex(hash) }
      await settings.set(listOf(epoch), now)
      const before = list[name]
      // Pinned for ever otherwise: nothing names it any more.
      if (before !== undefined && !Object.values(now).includes(before)) await content.delete(fromHex(before))
    })
  }

  async find(epoch: number, name: string): Promise<Uint8Array | undefined> {
    const { content, settings } = this.#ports
    const hash = (await settings.get(listOf(epoch)))?.[name]
    return hash === undefined ? undefined : readContent(content, fromHex(hash))
  }

  async names(epoch: number): Promise<readonly string[]> {
    return Object.keys((await this.#ports.settings.get(listOf(epoch))) ?? {})
  }

  drop(epoch: number): Promise<void> {
    return this.#next(async () => {
      const { content, settings } = this.#ports
      const list = (await settings.get(listOf(epoch))) ?? {}
      for (const hash of Object.values(list)) await content.delete(fromHex(hash))
      await settings.delete(listOf(epoch))
    })
  }

  #next(change: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(change)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

export async function readContent(content: ContentStore, hash: Uint8Array): Promise<Uint8Array | undefined> {
  const found = await content.get(hash)
  if (found === undefined) return undefined
  const parts: Uint8Array[] = []
  for await (const part of found) parts.push(part)
  return concat(parts)
}
