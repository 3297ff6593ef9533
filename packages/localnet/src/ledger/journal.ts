// Puts what happened on disk before anybody is told: all that waits is written and synced together.
import { type FileHandle, open } from 'node:fs/promises'
import { LocalnetError } from '../errors.ts'

/** Bytes to append, or something to do once everything before is on disk. */
type Step = Buffer | (() => Promise<FileHandle>)

export class Journal {
  #file: FileHandle
  #steps: Step[] = []
  /** The writing under way; once it fails, every later one fails with it. */
  #writing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(file: FileHandle) {
    this.#file = file
  }

  append(bytes: Buffer): void {
    this.#steps.push(bytes)
  }

  /** `change` makes the file that everything appended from now on goes to. */
  switchFile(change: () => Promise<FileHandle>): void {
    this.#steps.push(change)
  }

  /** Resolves when everything appended so far is on disk. */
  durable(): Promise<void> {
    if (this.#steps.length === 0) return this.#writing
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined
      this.#writing = this.#drain()
      return this.#writing
    })
    return this.#next
  }

  async close(): Promise<void> {
    try {
      await this.durable()
    } finally {
      await this.#file.close()
    }
  }

  async #drain(): Promise<void> {
    const steps = this.#steps
    this.#steps = []
    try {
      let waiting: Buffer[] = []
      for (const step of steps) {
        if (Buffer.isBuffer(step)) {
          waiting.push(step)
          continue
        }
        await this.#write(waiting)
        waiting = []
        const next = await step()
        await this.#file.close()
        this.#file = next
      }
      await this.#write(waiting)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const message = `The ledger can't be written (${why}). Free space or fix the folder, then start again: nothing that was answered is lost.`
      throw new LocalnetError('ledger/write-failed', message, { why })
    }
  }

  async #write(waiting: readonly Buffer[]): Promise<void> {
    if (waiting.length === 0) return
    await this.#file.appendFile(Buffer.concat(waiting))
    await this.#file.datasync()
  }
}

/** Makes a new or renamed file's name itself survive. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
