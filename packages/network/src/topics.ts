// What spreads by gossip, and the rules for it: one table, read by code, tests and docs alike. A judge names the rule
// that applies to a message; what happens to the message, and to who passed it on, is said here alone.

/** batches: a signed batch, sharded by H(nodeKey). enrolments, known, appeals: signed. reveals: salt and signed report. */
export type Topic = 'batches' | 'enrolments' | 'reveals' | 'known' | 'appeals'

/**
 * The network's own, which no judge of another package hears. hubs: a peer record, in which a hub says where it can be
 * dialled. bundles: batches that a hub passes on together; each is judged as if it had come alone.
 */
export type NetworkTopic = Topic | 'hubs' | 'bundles'

/** accept: pass it on. ignore: drop it. reject: drop it, and hold it against who sent it. */
export type Verdict = 'accept' | 'ignore' | 'reject'

export interface TopicRule {
  readonly verdict: Verdict
  readonly sentence: string
}

export type RuleId =
  | 'malformed'
  | 'wrong-network'
  | 'wrong-shard'
  | 'too-old'
  | 'too-early'
  | 'unknown-node'
  | 'unknown-verifier'
  | 'duplicate'
  | 'mostly-known'
  | 'too-far-ahead'
  | 'too-many'
  | 'broken-chain'
  | 'already-failed'
  | 'weak-stamp'
  | 'bad-signature'
  | 'not-committed'
  | 'not-dialable'
  | 'equivocation'
  | 'waiting'
  | 'sound'
  | 'busy'

/** In the order in which they are looked at. */
export const TOPIC_RULES: Readonly<Record<RuleId, TopicRule>> = {
  malformed: { verdict: 'reject', sentence: 'Its bytes are not the one encoding of such a message.' },
  'wrong-network': { verdict: 'reject', sentence: 'It is of another network.' },
  'wrong-shard': { verdict: 'reject', sentence: 'Its node belongs to another shard.' },
  'too-old': { verdict: 'ignore', sentence: 'Its epoch takes no more of them.' },
  'too-early': { verdict: 'ignore', sentence: 'Its epoch has not begun here.' },
  'unknown-node': {
    verdict: 'ignore',
    sentence: 'No node of this key is enrolled, as far as is known here.',
  },
  'unknown-verifier': { verdict: 'reject', sentence: "No verifier of the epoch's snapshot has this id." },
  duplicate: { verdict: 'ignore', sentence: 'It is here already.' },
  'mostly-known': {
    verdict: 'ignore',
    sentence: 'Most of what it bundles is here already: what is new goes on without the rest.',
  },
  'too-far-ahead': { verdict: 'ignore', sentence: 'It is too far ahead of what is here of its chain.' },
  'too-many': { verdict: 'ignore', sentence: 'Its sender has had all that is allowed for now.' },
  'broken-chain': {
    verdict: 'ignore',
    sentence: 'It does not follow the batch before it, as that came here.',
  },
  'already-failed': {
    verdict: 'ignore',
    sentence: 'Its node signed two batches for one place: nothing of it counts.',
  },
  'weak-stamp': { verdict: 'reject', sentence: 'Its stamp is not worth enough.' },
  'bad-signature': { verdict: 'reject', sentence: 'It is not signed by whom it names.' },
  'not-committed': {
    verdict: 'reject',
    sentence: 'It opens what neither its verifier nor its job committed to.',
  },
  'not-dialable': { verdict: 'ignore', sentence: 'It names no address that can be dialled from here.' },
  equivocation: {
    verdict: 'accept',
    sentence: 'With another it proves that its node signed twice: all should know.',
  },
  waiting: { verdict: 'accept', sentence: 'It is sound, and waits for those before it.' },
  sound: { verdict: 'accept', sentence: 'It is sound and new.' },
  busy: { verdict: 'ignore', sentence: 'There is no room to look at it now.' },
}
