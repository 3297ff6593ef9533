// The content of each job: its spec, all that it names, and its allow list. What one job may have is bounded, so that no
// job fills a verifier; what no job needs any more is let go.
import type { FoundJob } from '@piecework/chain'
import { equalBytes, toHex, ZERO_HASH } from '@piecework/protocol'
import { type Kinds, readSpecOf, SPEC_BYTES } from '@piecework/work'
import { refused } from '../errors.ts'
import type { VerifierContent } from './content.ts'
import { isAllowList, sha256 } from './hashes.ts'

/** Sixteen of the longest uploads, and a sixteenth of what a verifier usually keeps. */
export const JOB_CONTENT_BYTES = 268_435_456
/** So that a job that names much has no lane for long while others wait for theirs. */
const FETCHED_AT_ONCE = 64

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

/** What became of a try to fetch what a job lacks. */
export type Fetched = 'something' | 'nothing' | 'no room' | 'unusable'

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

  /** Gives the hash that the job names it by. A spec that nobody can work with is not kept. */
  take(job: NamesContent, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#next(async () => {
      const { hashes, missing, bytes: held, isUsable } = await this.needs(job)
      // Nothing so long is a spec: it isn't even hashed before the spec is here.
      const isSpecTooLong = isUsable === undefined && bytes.length > SPEC_BYTES
      const hash = isSpecTooLong ? undefined : nameOf(bytes, { hashes, job })
      if (hash === undefined)
        throw refused(
          `the job needs no such bytes: send its spec first, of ${SPEC_BYTES} bytes at most, then what the spec names`,
        )
      if (isUsable === false || this.#isUnusable(job, { hash, bytes }))
        throw refused('its spec is none that can be worked with: correct it, and make another job')
      if (!missing.some((one) => equalBytes(one, hash))) return hash
      if (!this.#fits(held + bytes.length))
        throw refused(`the content of one job may have ${this.#ports.most} bytes, make several jobs of it`)
      if (!(await this.#ports.content.put(hash, bytes)))
        throw refused(
          'there is no room here for more content now, send it to other verifiers or try again later',
        )
      return hash
    })
  }

  /** From others, as far as there is room. What nobody has keeps the job from opening: the rest can wait for it. */
  async fetch(job: NamesContent): Promise<Fetched> {
    const { missing, bytes: held } = await this.needs(job)
    let bytes = held
    for (const [i, hash] of missing.slice(0, FETCHED_AT_ONCE).entries()) {
      const found = await this.#ports.content.fetch(hash)
      if (found === undefined) return i === 0 ? 'nothing' : 'something'
      if (this.#isUnusable(job, { hash, bytes: found })) return 'unusable'
      bytes += found.length
      if (!this.#fits(bytes) || !(await this.#ports.content.put(hash, found))) return 'no room'
    }
    return 'something'
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

  /** Whether it is the job's spec, and nobody can work with it. */
  #isUnusable({ specHash, workKind }: NamesContent, { hash, bytes }: HashedBytes): boolean {
    return equalBytes(hash, specHash) && readSpecOf(workKind, bytes, this.#ports.kinds) === undefined
  }

  #fits(bytes: number): boolean {
    return bytes <= this.#ports.most
  }

  async #named({ specHash, allowRoot, workKind }: NamesContent): Promise<Pick<Needs, 'hashes' | 'isUsable'>> {
    const lists = equalBytes(allowRoot, ZERO_HASH) ? [] : [allowRoot]
    const spec = await this.#ports.content.stored(specHash)
    if (spec === undefined) return { hashes: [specHash], isUsable: undefined }
    const named = readSpecOf(workKind, spec, this.#ports.kinds)?.job.needs()
    return { hashes: [specHash, ...(named ?? []), ...lists], isUsable: named !== undefined }
  }

  #next<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

interface HashedBytes {
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

/** By which of its hashes the job names these bytes. */
function nameOf(
  bytes: Uint8Array,
  { hashes, job: { allowRoot } }: Pick<Needs, 'hashes'> & { readonly job: NamesContent },
): Uint8Array | undefined {
  const own = sha256(bytes)
  return hashes.find(
    (hash) => equalBytes(hash, own) || (equalBytes(hash, allowRoot) && isAllowList(hash, bytes)),
  )
}
