// Who works in the crowd: as many honest people as it takes, one who answers without looking, a third that agreed on other
// answers, and, for work that anyone can check again, programs of contributors and one that forges.
import type { Cast } from '@piecework/cli/local'

export const ROLES = ['honest', 'spammer', 'colluding', 'program', 'careless', 'forger'] as const
export type Role = (typeof ROLES)[number]

/** What people of the crowd do. Replicas of each task: everybody's answer. */
export const CROWD_KINDS: readonly string[] = ['label', 'judge', 'web']
const CHECKED_KINDS: readonly string[] = ['custom']

export interface Member {
  readonly name: string
  readonly role: Role
}

const CROWD: readonly Member[] = [
  ...['anna', 'bela', 'carl', 'dora', 'emil'].map((name) => ({ name, role: 'honest' as const })),
  { name: 'sam', role: 'spammer' },
  ...['xena', 'yves', 'zoe'].map((name) => ({ name, role: 'colluding' as const })),
]
const CHECKED: readonly Member[] = [
  { name: 'pia', role: 'program' },
  { name: 'paul', role: 'program' },
  { name: 'cleo', role: 'careless' },
  { name: 'fritz', role: 'forger' },
]

export const MEMBERS: readonly Member[] = [...CROWD, ...CHECKED]
export const REPLICAS: number = CROWD.length

/** More than any of their bonds has to be: what they earn can be spent at once. */
const KNOWN = '5'
/** With so little behind its rows, nearly all of them are checked. */
const HARDLY_KNOWN = '0.001'

export const CAST: Cast = {
  contributors: [
    ...CROWD.map((one) => ({ ...one, vouched: KNOWN, does: CROWD_KINDS })),
    ...CHECKED.map((one) => ({
      ...one,
      vouched: one.role === 'forger' ? HARDLY_KNOWN : KNOWN,
      does: CHECKED_KINDS,
    })),
  ],
  verifiers: 3,
  settlers: 1,
}

export function namesOf(role: Role): readonly string[] {
  return MEMBERS.filter((one) => one.role === role).map(({ name }) => name)
}
