// skilled.json: windows of jobs that ask for skills, which have one field more than others; and who has a skill.
import { equal } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { hasSkill, readSkills, writeSkills } from '../../packages/protocol/src/skills.ts'
import { skilledWindowRecord, windowRecord } from '../../packages/protocol/src/state/workforce-records.ts'
import type { JobWindow } from '../../packages/protocol/src/workforce.ts'
import { bytesOf, type Fields, fieldsOf } from './lib/fields.ts'
import type { VectorFile } from './lib/file.ts'

interface WindowEntry {
  readonly name: string
  readonly fields: Fields
  readonly bytes: string
}

interface SkillEntry {
  readonly name: string
  /** Records of a job's memory. */
  readonly skills: string
  readonly answers: number
  readonly right: number
  /** Owners that have it. */
  readonly have: readonly number[]
}

type SkilledEntry = WindowEntry | SkillEntry

const WINDOW: JobWindow = { job: 4, cursor: 9, inFlight: 5, charged: 4_060n, returned: [] }
/** Just four fifths of five answers, a millionth less than that, and all of four. */
const SKILLS = toHex(
  writeSkills([
    { owner: 0, answers: 5, right: 4_000_000 },
    { owner: 1, answers: 5, right: 3_999_999 },
    { owner: 7, answers: 4, right: 4_000_000 },
  ]),
)

function window(name: string, skilled: string, more: Partial<JobWindow> = {}): WindowEntry {
  const bytes = windowRecord.encode({ ...WINDOW, ...more, skilled: fromHex(skilled) })
  return { name, fields: fieldsOf(skilledWindowRecord.layout, bytes), bytes: toHex(bytes) }
}

function skill(name: string, answers: number, right: number): SkillEntry {
  return { name, skills: SKILLS, answers, right, have: ownersWith(SKILLS, answers, right) }
}

function ownersWith(skills: string, answers: number, right: number): number[] {
  return readSkills(fromHex(skills)).flatMap((one) => (hasSkill(one, { answers, right }) ? [one.owner] : []))
}

function check(entry: SkilledEntry): void {
  if ('skills' in entry) {
    equal(ownersWith(entry.skills, entry.answers, entry.right).join(), entry.have.join())
    return
  }
  equal(toHex(bytesOf(skilledWindowRecord.layout, entry.fields)), entry.bytes)
  equal(toHex(windowRecord.encode(windowRecord.decode(fromHex(entry.bytes)))), entry.bytes)
}

export const vectors: VectorFile<SkilledEntry> = {
  name: 'skilled',
  generate: () => [
    window('nobody', ''),
    window('the first and the tenth node', '0102'),
    window('with tasks to deal again', 'ff', {
      returned: [{ task: 2, missing: 1, had: [0, 1], trial: true }],
    }),
    skill('five answers, four fifths right', 5, 800_000),
    skill('four answers', 4, 0),
    skill('six answers', 6, 0),
  ],
  check,
}
