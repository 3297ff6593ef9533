// Secrets from which the moments of measuring are drawn, one for each epoch: on disk before its hash is said, so that a
// restart changes no moment, and given to anybody once its epoch is settled.
import type { EpochFiles } from '@piecework/store'
import { opensSecret, secretHashOf } from '@piecework/work'

const NAME = 'secret'
const SECRET_BYTES = 32
/**
 * An inventory names the secret of the epoch after the next: it is posted while the next is under way already, and
 * moments begin with their epoch.
 */
const EPOCHS_AHEAD = 2
/** Settled epochs whose secrets are still given: as long as their inventories are. */
const SHOWN_EPOCHS = 8

export interface SecretsPorts {
  readonly duties: EpochFiles
  readonly randomBytes: (length: number) => Uint8Array
}

export class Secrets {
  readonly #ports: SecretsPorts
  readonly #asked = new Map<number, Promise<Uint8Array>>()
  /** Of settled epochs, as the disk has them: strangers ask for any hash, and most are of something else. */
  readonly #settled = new Map<number, Promise<Uint8Array | undefined>>()

  constructor(ports: SecretsPorts) {
    this.#ports = ports
  }

  /** With which is measured in this epoch. */
  of(epoch: number): Promise<Uint8Array> {
    const asked = this.#asked.get(epoch) ?? this.#made(epoch)
    this.#asked.set(epoch, asked)
    asked.catch(() => this.#asked.delete(epoch))
    const [oldest] = this.#asked.keys()
    if (oldest !== undefined && this.#asked.size > SHOWN_EPOCHS) this.#asked.delete(oldest)
    return asked
  }

  /** For the inventory of this epoch. */
  async namedIn(epoch: number): Promise<Uint8Array> {
    return secretHashOf(await this.of(epoch + EPOCHS_AHEAD))
  }

  /** What this is the hash of, if its epoch is not after this one. */
  async opened(hash: Uint8Array, settled: number): Promise<Uint8Array | undefined> {
    const before = Math.max(-1, settled - SHOWN_EPOCHS)
    for (const epoch of this.#settled.keys()) if (epoch <= before) this.#settled.delete(epoch)
    for (let epoch = settled; epoch > before; epoch--) {
      const secret = await this.#read(epoch)
      if (secret !== undefined && opensSecret(secret, hash)) return secret
    }
    return undefined
  }

  #read(epoch: number): Promise<Uint8Array | undefined> {
    const reading = this.#settled.get(epoch) ?? this.#ports.duties.find(epoch, NAME)
    this.#settled.set(epoch, reading)
    reading.catch(() => this.#settled.delete(epoch))
    return reading
  }

  async #made(epoch: number): Promise<Uint8Array> {
    const { duties, randomBytes } = this.#ports
    const kept = await duties.find(epoch, NAME)
    if (kept !== undefined) return kept
    const bytes = randomBytes(SECRET_BYTES)
    await duties.keep(epoch, [{ name: NAME, bytes }])
    return bytes
  }
}
