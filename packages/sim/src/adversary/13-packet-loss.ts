// Adversary 13: a wire that loses packets, between homes and hubs that are real processes in networks of their own. In
// full it is also what the open internet does every day: late packets, homes that cannot be dialled, a hub that dies.
import { join } from 'node:path'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { inLab, whyNoLab } from '../lab/lab.ts'
import { peersEndForm } from '../lab/peers/said.ts'
import { type End, endForm, type Story } from '../lab/story.ts'
import type { Weather } from '../lab/weather.ts'
import type { Adversary } from './types.ts'

const LOSS = 0.3
const DELAY_MS = 20
const ROUNDS = 3
/** Of the pay for what honest nodes did. */
const MOST_LOST_PAY = 0.001
const PEERS_DEADLINE_MS = 240_000
const STORY_DEADLINE_MS = 3_600_000

const lab = (file: string): string => join(import.meta.dirname, '..', 'lab', file)

const BAD: Weather = { loss: LOSS, delayMs: DELAY_MS }
const LOSING: Story = {
  open: 2,
  closed: 2,
  behindOne: 2,
  chapters: Array.from({ length: ROUNDS }, (_, at) => ({
    title: `round ${at + 1}`,
    weather: BAD,
    hubDies: false,
  })),
}

const OPEN_INTERNET = { loss: 0.1, delayMs: 200 }
const VILLAGE: Story = {
  open: 5,
  closed: 10,
  behindOne: 5,
  chapters: [
    { title: 'clear', weather: { loss: 0, delayMs: 0 }, hubDies: false },
    { title: '10 % lost, 200 ms late', weather: OPEN_INTERNET, hubDies: false },
    { title: 'a hub died', weather: OPEN_INTERNET, hubDies: true },
  ],
}

export const adversary: Adversary = {
  number: 13,
  name: 'packet loss',
  about:
    'Real processes behind a wire that loses 30 % of all packets: every batch arrives, and what honest nodes did is paid.',
  run: async (size) => {
    const skipped = whyNoLab()
    if (skipped !== undefined) return { figures: {}, bars: [], skipped }
    if (size === 'short') return peers()
    const losing = await played(LOSING)
    const village = await played(VILLAGE)
    return {
      figures: { ...prefixed('30 % lost', losing.figures), ...prefixed('20 homes', village.figures) },
      bars: [
        ...losing.bars.map((bar) => ({ ...bar, name: `30 % lost: ${bar.name}` })),
        ...village.bars.map((bar) => ({ ...bar, name: `20 homes: ${bar.name}` })),
      ],
    }
  },
}

/** Without chain and work: a small lab in which every batch has to reach every hub. */
async function peers(): Promise<Measured> {
  const args = [String(LOSS), String(DELAY_MS)]
  const said = await inLab({ file: lab('peers/main.ts'), args, deadlineMs: PEERS_DEADLINE_MS })
  const { batches, reached, packets, lostPackets } = peersEndForm.parse(said)
  return {
    figures: { batches, packets, 'packets lost': lostPackets },
    bars: [
      atLeast('batches that reached every hub', reached, batches),
      atLeast('of all packets were lost', lostPackets / packets, LOSS / 2),
    ],
  }
}

async function played(story: Story): Promise<Measured> {
  const args = [JSON.stringify(story)]
  const end = endForm.parse(await inLab({ file: lab('main.ts'), args, deadlineMs: STORY_DEADLINE_MS }))
  return measured(story, end)
}

function measured({ open, closed, behindOne }: Story, end: End): Measured {
  const [first, ...others] = end.chapters
  const unlike = others.filter(
    ({ paidRows, charged }) => paidRows !== first?.paidRows || charged !== first.charged,
  )
  return {
    figures: {
      ...Object.fromEntries(end.chapters.map(({ title, seconds }) => [`${title}, seconds`, seconds])),
      homes: open + closed + behindOne,
      'homes paid': end.homesPaid,
      packets: sum(end.chapters.map(({ packets }) => packets)),
      'packets lost': sum(end.chapters.map(({ lostPackets }) => lostPackets)),
      'rows done': end.signedRows,
      'rows paid': end.paidRows,
      batches: end.batches,
    },
    bars: [
      atLeast('settled, claimed and conserved', Number(end.settled), 1),
      atMost('of the rows done unpaid', 1 - end.paidRows / Math.max(1, end.signedRows), MOST_LOST_PAY),
      atMost('rounds in which something else was paid', unlike.length, 0),
      atMost('batches that did not reach every hub', end.batches - end.reached, 0),
      atMost('honest nodes failed', end.failed, 0),
      atMost('slashed, smallest units', Number(end.slashed), 0),
      atMost('daemons that ended by themselves', end.down.length, 0),
    ],
  }
}

function prefixed(name: string, figures: Measured['figures']): Measured['figures'] {
  return Object.fromEntries(Object.entries(figures).map(([figure, value]) => [`${name}: ${figure}`, value]))
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0)
}
