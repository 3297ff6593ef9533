// Answers that somebody has begun: on disk, so that neither a closed terminal nor a power cut loses them.
import { jsonSetting, type Setting, type Settings } from '@piecework/store'
import { z } from 'zod'

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
  /** Read once; changed one after the other. */
  #drafts: Promise<readonly Draft[]> | undefined

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async of(job: number, task: number): Promise<unknown> {
    const drafts = await this.#read()
    return drafts.find((one) => one.job === job && one.task === task)?.draft
  }

  /** Undefined: there is none any more. */
  async keep({ job, task, draft }: Draft): Promise<void> {
    const before = this.#read()
    this.#drafts = before.then((drafts) => {
      const others = drafts.filter((one) => one.job !== job || one.task !== task)
      return fitting(draft === undefined ? others : [...others, { job, task, draft }])
    })
    const [old, now] = [await before, await this.#drafts]
    if (old.length > 0 || now.length > 0) await this.#settings.set(draftsSetting, now)
  }

  #read(): Promise<readonly Draft[]> {
    this.#drafts ??= this.#settings.get(draftsSetting).then((drafts) => drafts ?? [])
    return this.#drafts
  }
}

function fitting(drafts: readonly Draft[]): readonly Draft[] {
  const isTooMuch = new TextEncoder().encode(JSON.stringify(drafts)).length > DRAFTS_BYTES
  return isTooMuch ? fitting(drafts.slice(1)) : drafts
}
