// Every hash of ours begins with one of these, so that no hash can be taken for one of another kind.
// The leaf's tag stands inside the leaf instead: its place makes a leaf unmistakable for an inner node.

export const TAG_NAMES = [
  'pw/seed',
  'pw/commit',
  'pw/output',
  'pw/batch',
  'pw/trace',
  'pw/report',
  'pw/report-commit',
  'pw/leaf',
  'pw/attestation',
  'pw/checkers',
  'pw/proposer',
  'pw/shuffle',
  'pw/draw',
  'pw/enrol',
  'pw/enrol-stamp',
  'pw/inventory',
  'pw/ack',
  'pw/known',
  'pw/appeal',
  'pw/evidence',
  'pw/facts',
  'pw/inputs',
  'pw/state',
  'pw/nodes',
  'pw/workforce',
] as const

export type Tag = (typeof TAG_NAMES)[number]

export const TAG_BYTES = 16

function tagBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(TAG_BYTES)
  bytes.set(new TextEncoder().encode(name))
  return bytes
}

const TABLE: ReadonlyMap<Tag, Uint8Array> = new Map(TAG_NAMES.map((name) => [name, tagBytes(name)]))

/** The 16 ASCII bytes of a tag, zero padded. Shared: never write into them. */
export function tag(name: Tag): Uint8Array {
  return TABLE.get(name) ?? tagBytes(name)
}
