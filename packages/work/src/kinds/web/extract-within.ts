// Reads a page in a thread with bounds of its own: pages are written by anybody, and some keep a reader busy for ever.
import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { WorkError } from '../../errors.ts'
import type { Extractable, Extracted } from './extract.ts'

/** An ordinary page takes some milliseconds, a long one on a Raspberry Pi a second. */
const EXTRACT_MS = 5_000
/** Two MiB of page as elements. */
const HEAP_MB = 256

export async function extractWithin(what: Extractable): Promise<Extracted> {
  const file = new URL(`./extract-thread${extname(import.meta.url)}`, import.meta.url)
  const thread = new Worker(file, {
    workerData: what,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    env: {},
  })
  try {
    // An error of the thread rejects, as the end of the time does.
    const [extracted] = await once(thread, 'message', { signal: AbortSignal.timeout(EXTRACT_MS) })
    return extracted
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new WorkError('fetch/failed', `${what.url} can't be read as a page: ${why}.`, { url: what.url })
  } finally {
    await thread.terminate()
  }
}
