// Seeds of sealed epochs: carried stints are checked with that of their own epoch, which the chain forgets.
import { bytesSetting, type Settings } from '@piecework/store'

const settingOf = (epoch: number) => bytesSetting(`verifier/seed/${epoch}`)

export class Seeds {
  readonly #settings: Settings
  readonly #known = new Map<number, Uint8Array>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async keep(epoch: number, seed: Uint8Array): Promise<void> {
    if (Buffer.compare(this.#known.get(epoch) ?? Buffer.alloc(0), seed) === 0) return
    await this.#settings.set(settingOf(epoch), seed)
    this.#known.set(epoch, seed)
  }

  async of(epoch: number): Promise<Uint8Array | undefined> {
    return this.#known.get(epoch) ?? (await this.#settings.get(settingOf(epoch)))
  }

  async drop(epoch: number): Promise<void> {
    this.#known.delete(epoch)
    await this.#settings.delete(settingOf(epoch))
  }
}
