// Jobs whose skill another one asks for: what could never let anybody qualify is said before a deposit is made.
import { type Chain, type FoundJob, type Network, readJobs } from '@piecework/chain'
import { SCORE_ONE, SKILL_EPOCHS, type SkillAsked } from '@piecework/protocol'
import { type JobSpec, type Kinds, readSpecOf } from '@piecework/work'
import { installedKinds } from '../common/kinds.ts'
import { CliError } from '../errors.ts'
import { stateOfJob } from './find.ts'

export interface OnChain {
  /** Those that were not refunded. */
  readonly jobs: readonly Pick<FoundJob, 'index' | 'workKind' | 'closeSlot'>[]
  /** Jobs that there ever were. */
  readonly count: number
}

/** Reads the chain only where a spec asks for any. */
export async function skillsAsked(
  chain: Chain,
  { asks }: JobSpec,
  { nextJob: count }: Pick<Network, 'nextJob'>,
): Promise<readonly string[]> {
  if (asks.length === 0) return []
  return aboutSkills(asks, { count, jobs: (await readJobs(chain)).value }, await installedKinds())
}

/** Of each skill that is asked for a sentence that its requester should know. Throws for one that nobody can have. */
export function aboutSkills(
  asks: readonly SkillAsked[],
  { jobs, count }: OnChain,
  kinds: Kinds,
): readonly string[] {
  return asks.map(({ job, answers, right }) => {
    if (job >= count) throw noSkill(job, 'which does not exist (yet): post it first, then name its number')
    const found = jobs.find(({ index }) => index === job)
    const kind = kinds.all.find(({ id }) => id === found?.workKind)
    if (found !== undefined && kind?.knowsSkill !== true) {
      const known = kinds.all.filter(({ knowsSkill }) => knowsSkill).map(({ name }) => name)
      throw noSkill(job, `of a kind that remembers no skill: name a job of the kind ${known.join(' or ')}`)
    }
    const who = `dealt to who gave ${answers} answers in job ${job} and was right in ${percentOf(right)} % of them`
    if (found?.closeSlot === 0) return `${who}, from the third epoch after it opens`
    return (
      `${who}; job ${job} is closed, and its skills are forgotten ${SKILL_EPOCHS} epochs after that ` +
      'where no open job asks for them'
    )
  })
}

/** Whoever has no work asks once: so many specs, the newest first, are fetched in a moment. */
const LOOKED_AT = 32

export interface Looking {
  /** By its SHA-256; undefined when nobody has it. */
  readonly content: (hash: Uint8Array) => Promise<Uint8Array | undefined>
  readonly kinds: Kinds
}

/** Open jobs that are dealt to nobody but who passed another, a sentence each: why somebody may get nothing. */
export async function jobsThatAsk(
  jobs: readonly Pick<FoundJob, 'index' | 'workKind' | 'specHash' | 'openSlot' | 'closeSlot'>[],
  { content, kinds }: Looking,
): Promise<readonly string[]> {
  const open = jobs.filter((job) => stateOfJob(job) === 'open').slice(-LOOKED_AT)
  const found = await Promise.all(
    open.map(async ({ index, specHash, workKind }) => {
      const bytes = await content(specHash)
      const asks = bytes === undefined ? [] : (readSpecOf(workKind, bytes, kinds)?.asks ?? [])
      return asks.map(
        ({ job, answers, right }) =>
          `Job ${index} is dealt only to accounts of which ${answers} answers were judged in job ${job}, and ${percentOf(right)} % of them right.`,
      )
    }),
  )
  return found.flat()
}

function percentOf(right: number): number {
  return right / (SCORE_ONE / 100)
}

function noSkill(job: number, why: string): CliError {
  return new CliError('usage', `requires names job ${job}, ${why}.`)
}
