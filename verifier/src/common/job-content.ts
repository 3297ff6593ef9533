// The content of each job: its spec, all that it names, and its allow list. What one job may have is bounded, so that no
// job fills a verifier; what no job needs any more is let go.
import type { FoundJob } from '@piecework/chain'
import { equalBytes, toHex, ZERO_HASH } from '@piecework/protocol'
import { type Kinds, readJobSpec, WorkError } from '@piecework/work'
import { refused } from '../errors.ts'
import type { VerifierContent } from './content.ts'
import { isAllowList, isContent } from './hashes.ts'

/** Sixteen of the longest uploads, and a sixteenth of what a verifier usually keeps. */
export const JOB_CONTENT_BYTES = 268_435_456

/** What says which content a job has. */
export type NamesContent = Pick<FoundJob, 'specHash' | 'allowRoot' | 'workKind'>

export interface Needs {
  /** All that is known to be needed so far. */
  readonly hashes: readonly Uint8Array[]
  readonly missing: readonly Uint8Array[]
  /** Of what is here. */
  readonly bytes: number
  /** Undefined while the spec is not here. */
  readonly isUsable: boolean | undefined
}

export interface JobContentPorts {
  readonly content: VerifierContent
  readonly kinds: Kinds
  /** Bytes of one job's content. */
  readonly most: number
}

export class JobContent {
  readonly #ports: JobContentPorts
  /** Roots of allow lists that were needed when content was let go last. */
  #lists: ReadonlyMap<string, Uint8Array> = new Map()
  /** Nothing is taken in while something is let go. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ports: JobContentPorts) {
    this.#ports = ports
  }

  async needs(job: NamesContent): Promise<Needs> {
    const { content } = this.#ports
    const { hashes, isUsable } = await this.#named(job)
    const missing: Uint8Array[] = []
    let bytes = 0
    for (const hash of hashes) {
      if (await content.has(hash)) bytes += await content.size(hash)
      else missing.push(hash)
    }
    return { hashes, missing, bytes, isUsable }
  }

  /** Gives the hash that the job names it by. */
  take(job: NamesContent, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#next(async () => {
      const { hashes, missing, bytes: held } = await this.needs(job)
      const hash = hashes.find((one) => isContent(one, bytes) || isAllowList(one, bytes))
      if (hash === undefined)
        throw refused('the job needs no such bytes: send its spec first, then what the spec names')
      if (!missing.includes(hash)) return hash
      if (!this.#fits(held + bytes.length))
        throw refused(`the content of one job may have ${this.#ports.most} bytes, make several jobs of it`)
      if (!(await this.#ports.content.put(hash, bytes)))
        throw refused(
          'there is no room here for more content now, send it to other verifiers or try again later',
        )
      return hash
    })
  }

  /** What is missing and can be had from others, as far as there is room: false when there is none for the rest. */
  async fetch({ missing, bytes: held }: Needs): Promise<boolean> {
    let bytes = held
    for (const hash of missing) {
      const found = await this.#ports.content.fetch(hash)
      if (found === undefined) continue
      bytes += found.length
      if (!this.#fits(bytes) || !(await this.#ports.content.put(hash, found))) return false
    }
    return true
  }

  /** From here on it stays, as long as the job needs it. False when some of it has gone meanwhile. */
  async pin({ hashes }: Needs): Promise<boolean> {
    for (const hash of hashes) if (!(await this.#ports.content.pin(hash))) return false
    return true
  }

  /** All that these jobs do not need, but for what is given besides. */
  letGo(jobs: readonly NamesContent[], besides: readonly Uint8Array[]): Promise<void> {
    return this.#next(async () => {
      const needed = [...besides]
      for (const job of jobs) needed.push(...(await this.#named(job)).hashes)
      const lists = new Map(jobs.map(({ allowRoot }) => [toHex(allowRoot), allowRoot]))
      const gone = [...this.#lists].flatMap(([name, root]) => (lists.has(name) ? [] : [root]))
      await this.#ports.content.letGo(needed, gone)
      this.#lists = lists
    })
  }

  #fits(bytes: number): boolean {
    return bytes <= this.#ports.most
  }

  async #named({ specHash, allowRoot, workKind }: NamesContent): Promise<Pick<Needs, 'hashes' | 'isUsable'>> {
    const lists = equalBytes(allowRoot, ZERO_HASH) ? [] : [allowRoot]
    const spec = await this.#ports.content.stored(specHash)
    if (spec === undefined) return { hashes: [specHash], isUsable: undefined }
    const named = namedBy(spec, { kinds: this.#ports.kinds, workKind })
    return { hashes: [specHash, ...(named ?? []), ...lists], isUsable: named !== undefined }
  }

  #next<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

/** Undefined for a spec that nobody can work with. */
function namedBy(
  bytes: Uint8Array,
  { kinds, workKind }: { readonly kinds: Kinds; readonly workKind: number },
): readonly Uint8Array[] | undefined {
  try {
    const { kind, job } = readJobSpec(bytes, kinds)
    return kind.id === workKind ? job.needs() : undefined
  } catch (error) {
    if (error instanceof WorkError) return undefined
    throw error
  }
}
