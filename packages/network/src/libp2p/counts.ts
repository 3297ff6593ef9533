// What a network counts: one table, for the metrics of daemons and the page of this package.

export interface CountRow {
  readonly help: string
  readonly labels: readonly string[]
}

export type CountName =
  | 'network_messages_total'
  | 'network_bundles_total'
  | 'network_published_total'
  | 'network_asked_total'
  | 'network_answered_total'
  | 'network_full_total'
  | 'network_links_total'
  | 'network_connections_total'
  | 'network_dials_total'
  | 'network_hubs_total'
  | 'network_reach_total'
  | 'network_over_rate_total'
  | 'network_dht_refused_total'
  | 'network_connections_refused_total'
  | 'network_banned_total'

export const NETWORK_COUNTS: Readonly<Record<CountName, CountRow>> = {
  network_messages_total: {
    help: 'Messages that came by gossip, by the rule that applied.',
    labels: ['topic', 'rule'],
  },
  network_bundles_total: { help: 'Bundles in which batches of others were passed on.', labels: [] },
  network_published_total: {
    help: 'Own messages: taken by somebody, or the code of the error.',
    labels: ['topic', 'outcome'],
  },
  network_asked_total: {
    help: 'Own questions: answered, or the code of the error.',
    labels: ['protocol', 'outcome'],
  },
  network_answered_total: {
    help: 'Questions of others: answered, refused, or the code of the error.',
    labels: ['protocol', 'outcome'],
  },
  network_full_total: {
    help: 'Questions of others (answered) that found no place, or no room in memory for what they or their answers bring; own ones (asked) without room for their answer; and messages (heard) without room to wait for their judges.',
    labels: ['side', 'what'],
  },
  network_links_total: {
    help: 'Links to be measured: opened from here, taken from others to their end, or the code of the error.',
    labels: ['outcome'],
  },
  network_connections_total: { help: 'Connections that were opened or closed.', labels: ['event'] },
  network_dials_total: {
    help: 'Dials of hubs, by who named them: bootstrap, dht, gossip, lan, or met before.',
    labels: ['source', 'outcome'],
  },
  network_hubs_total: {
    help: 'Hubs that became known, were refused because many of their subnet are known, were forgotten for others (full), or were away for long (gone).',
    labels: ['source', 'event'],
  },
  network_reach_total: {
    help: 'Changes of whether others can dial this hub.',
    labels: ['others'],
  },
  network_over_rate_total: {
    help: 'Questions, such to the DHT, and messages of who brought too much in vain, that were not looked at because of their rate.',
    labels: ['what'],
  },
  network_connections_refused_total: {
    help: 'Connections that the gate did not let in (relayed: too many came through a relay), and places at a relay not given (relay); not what libp2p refuses: 21 a second of one address.',
    labels: ['why'],
  },
  network_banned_total: {
    help: 'Peers that are heard no more for a minute: three of their messages were rejected.',
    labels: [],
  },
  network_dht_refused_total: {
    help: 'Records that others put and that are not kept, and messages of the DHT that were broken off because they are too long.',
    labels: ['why'],
  },
}

export type Count = (name: CountName, labels: Readonly<Record<string, string>>) => void

/** Makes a counter of the given name, as the metrics of a daemon do. */
type MakeCounter = (
  name: string,
  help: string,
  labels: readonly string[],
) => (labels: Readonly<Record<string, string>>) => void

/** What a daemon gives as the port `count`: a counter for each row of the table. */
export function countWith(counter: MakeCounter): Count {
  const counters = new Map(
    Object.entries(NETWORK_COUNTS).map(([name, { help, labels }]) => [name, counter(name, help, labels)]),
  )
  return (name, labels) => counters.get(name)?.(labels)
}
