// What the owner of a machine agreed to: kinds of work, how much of each, and what it may touch beside the sandbox.
import type { KindCapacity } from '@piecework/protocol'
import { type Kinds, NO_PERMISSIONS, type Permissions } from '@piecework/work'
import { type NodeConfig, USUAL_CAPACITY } from '../config.ts'

/** By the kind's number. */
export type Consent = ReadonlyMap<number, Permissions>

/** Agreed to in general. */
const ANY = '*'

export interface Agreed {
  readonly consent: Consent
  /** For the enrolment. */
  readonly capacities: readonly KindCapacity[]
}

/** Without a list: what is dealt and can be checked again by anyone, with nothing but the sandbox. */
export function agreedIn({ kinds: listed }: Pick<NodeConfig, 'kinds'>, kinds: Kinds): Agreed {
  const usual = kinds.all.filter(({ checking, allocation }) => checking === 'exact' && allocation === 'dealt')
  const agreed =
    listed === undefined
      ? usual.map(({ id }) => ({ id, capacity: USUAL_CAPACITY, permissions: NO_PERMISSIONS }))
      : listed.map(({ kind, capacity, ...permissions }) => ({
          id: kinds.named(kind).id,
          capacity,
          permissions,
        }))
  return {
    consent: new Map(agreed.map(({ id, permissions }) => [id, permissions])),
    capacities: agreed.map(({ id, capacity }) => ({ kind: id, capacity })).sort((a, b) => a.kind - b.kind),
  }
}

/** Everything that a job needs must have been agreed to by name. */
export function isAllowed(consent: Consent, kind: number, needed: Permissions): boolean {
  const agreed = consent.get(kind)
  if (agreed === undefined) return false
  return (['hosts', 'files', 'devices'] as const).every((sort) =>
    needed[sort].every((name) => agreed[sort].includes(name) || agreed[sort].includes(ANY)),
  )
}
