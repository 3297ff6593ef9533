// Answers that somebody has begun: on disk, so that neither a closed terminal nor a power cut loses them.
import { jsonSetting, type Setting, type Settings } from '@piecework/store'
import { z } from 'zod'
import { NodeError } from '../errors.ts'

/** All of them together: a setting holds little more. The oldest goes first. */
const DRAFTS_BYTES = 60_000

export interface Draft {
  readonly job: number
  readonly task: number
  /** As far as it goes: nothing has looked at it. */
  readonly draft: unknown
}

const draftsForm: z.ZodType<readonly Draft[]> = z.array(
  z.strictObject({ job: z.int(), task: z.int(), draft: z.unknown() }),
)

const draftsSetting: Setting<readonly Draft[]> = jsonSetting('node/drafts', (value) =>
  draftsForm.parse(value),
)

export class Drafts {
  readonly #settings: Settings
  /** Undefined until they were read. */
  #drafts: readonly Draft[] | undefined

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async of(job: number, task: number): Promise<unknown> {
    await this.#read()
    return this.#drafts?.find((one) => one.job === job && one.task === task)?.draft
  }

  /** Undefined: there is none any more. Throws 'drafts/too-long', and the others stay as they are then. */
  async keep({ job, task, draft }: Draft): Promise<void> {
    const own = draft === undefined ? [] : [{ job, task, draft }]
    if (!fits(own)) {
      const message = `What was begun has more than ${DRAFTS_BYTES} bytes, and is not kept: shorten it, or give the answer now.`
      throw new NodeError('drafts/too-long', message, { job, task })
    }
    await this.#read()
    const old = this.#drafts ?? []
    const now = fitting([...old.filter((one) => one.job !== job || one.task !== task), ...own])
    this.#drafts = now
    if (old.length > 0 || now.length > 0) await this.#settings.set(draftsSetting, now)
  }

  /** Read once; tried again when it failed. */
  async #read(): Promise<void> {
    if (this.#drafts !== undefined) return
    const drafts = await this.#settings.get(draftsSetting)
    // Another one may have read them meanwhile, and changed them.
    this.#drafts ??= drafts ?? []
  }
}

function fitting(drafts: readonly Draft[]): readonly Draft[] {
  return fits(drafts) ? drafts : fitting(drafts.slice(1))
}

function fits(drafts: readonly Draft[]): boolean {
  return new TextEncoder().encode(JSON.stringify(drafts)).length <= DRAFTS_BYTES
}
