// Reads pages in a thread with bounds of its own: pages are written by anybody, and some keep a reader busy for ever.
// The thread is kept for the next page, because it takes longer to start than most pages take to read.
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { WorkError } from '../../errors.ts'
import type { Extractable, Extracted } from './extract.ts'

/** An ordinary page takes some milliseconds, a long one on a Raspberry Pi a second. */
const EXTRACT_MS = 5_000
/** To load the reader itself on a machine that is busy with other things. */
const START_MS = 60_000
/** Two MiB of page as elements. */
const HEAP_MB = 256
/** Then its memory is given back. */
const IDLE_MS = 30_000

export function extractWithin(what: Extractable): Promise<Extracted> {
  return reader.read(what)
}

class Reader {
  #thread: Worker | undefined
  /** One page after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined

  read(what: Extractable): Promise<Extracted> {
    const done = this.#turn.then(() => this.#readNow(what))
    this.#turn = done.catch(() => {})
    return done
  }

  async #readNow(what: Extractable): Promise<Extracted> {
    clearTimeout(this.#idle)
    try {
      const thread = this.#thread ?? (await this.#start())
      const answer = answerOf<Extracted>(thread, EXTRACT_MS)
      thread.postMessage(what)
      return await answer
    } catch (error) {
      await this.#end()
      const why = error instanceof Error ? error.message : String(error)
      throw new WorkError('fetch/failed', `${what.url} can't be read as a page: ${why}.`, { url: what.url })
    } finally {
      this.#idle = setTimeout(() => void this.#end(), IDLE_MS)
      this.#idle.unref()
    }
  }

  async #start(): Promise<Worker> {
    const file = new URL(`./extract-thread${extname(import.meta.url)}`, import.meta.url)
    const thread = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB }, env: {} })
    this.#thread = thread
    // Whoever reads then is told by `answerOf`; between pages it is only started anew.
    thread
      .on('error', () => {})
      .on('exit', () => {
        if (this.#thread === thread) this.#thread = undefined
      })
    await answerOf<'ready'>(thread, START_MS)
    // A process that has nothing else to do ends.
    thread.unref()
    return thread
  }

  async #end(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }
}

const reader = new Reader()

/** The next thing that it says; an error of the thread, its end, and the end of the time reject. */
function answerOf<T>(thread: Worker, ms: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const late = setTimeout(() => reject(new Error(`it takes longer than ${ms} ms`)), ms)
  const onExit = (): void => reject(new Error('its reader ended'))
  thread.once('message', resolve).once('error', reject).once('exit', onExit)
  return promise.finally(() => {
    clearTimeout(late)
    thread.off('message', resolve).off('error', reject).off('exit', onExit)
  })
}
