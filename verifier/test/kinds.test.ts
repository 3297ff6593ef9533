// Kinds of work that people do, and those judged across nodes, through whole epochs with real daemons: honest people are
// paid as the rules say, and whoever answers without looking is not.
import { readFileSync } from 'node:fs'
import { join as pathTo } from 'node:path'
import { bytesOf, readJobs } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { knownCodec } from '@piecework/protocol'
import {
  type Fetched,
  type GuardedFetch,
  type Keeper,
  keeperOf,
  loadKinds,
  type Question,
  writeJobSpec,
} from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { Busy, earnedBy, type Joining, join, listed, type Member, type Person } from './support/crowd.ts'
import { beginScene, hashOf, type Scene } from './support/scene.ts'

const kinds = await loadKinds([], (name) => import(name))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text)
const PRICE = 1_000n
const HALF = 500_000

interface Crowd {
  /** Outputs that the requester knows, by task, and opens when all have answered. */
  readonly known?: ReadonlyMap<number, Uint8Array>
  readonly people: readonly Person[]
  readonly kind: string
  readonly work: unknown
  readonly content: readonly Uint8Array[]
  readonly tasks: number
  readonly replicas: number
  /** What each reaches of the web. */
  readonly web?: (name: string) => Pick<Joining, 'fetchOf' | 'hosts'>
}

interface Played {
  readonly scene: Scene
  readonly members: readonly Member[]
  readonly keeper: Keeper | undefined
}

async function begin({
  people,
  kind: name,
  work,
  content,
  web,
  known: answers,
  ...rest
}: Crowd): Promise<Played> {
  const kind = kinds.named(name)
  const busy = new Busy()
  const nodes = people.map((one) => listed(one.name, kind))
  const scene = await beginScene(4, { nodes, idle: () => busy.idle() })
  for (const id of [0, 1, 2, 3]) await scene.startVerifier(id)
  await scene.startSettler()
  const { tasks, replicas } = rest
  const keeper = answers && keeperOf({ answers, tasks, secret: hashOf('a secret') })
  const known = keeper && { root: hex(keeper.root), tasks, keeper: hex(hashOf('who keeps them')) }
  const spec = writeJobSpec({ kind: name, title: 'A job for people', work, ...(known && { known }) })
  const { net, chain, contributor } = scene
  const terms = {
    specHash: hashOf(spec),
    workKind: kind.id,
    price: PRICE,
    deposit: 100_000n,
    tasks,
    replicas,
  }
  await net.does([net.job(1n, { ...terms, maxUnits: 1 })])
  const { network } = contributor.options
  await network.start()
  await scene.slot()
  const job = bytesOf(chain.at.job(net.payer.address, 1n))
  const peer = scene.verifiers[0]?.key.publicKey ?? new Uint8Array()
  for (const bytes of [spec, ...content]) await network.ask(protocols.upload, { job, bytes }, peer)
  await scene.until(async () => (await readJobs(chain)).value[0]?.openSlot !== 0, 'the job is open')
  const members: Member[] = []
  for (const one of people) members.push(await join(scene, one, { kind, busy, ...web?.(one.name) }))
  return { scene, members, keeper }
}

/** What each was paid, by name, once these epochs are final. */
async function earnings(
  { scene, members }: Played,
  epochs: number,
): Promise<Readonly<Record<string, bigint>>> {
  await scene.until(async () => (await scene.lastFinal()) >= epochs - 1, 'the epochs are final')
  const said = (): boolean => scene.verifiers.every(({ daemon }) => daemon.status().savedEpoch >= epochs - 1)
  await scene.until(said, 'verifiers say so')
  const earned = members.map(async (one) => [one.name, await earnedBy(scene, one)] as const)
  return Object.fromEntries(await Promise.all(earned))
}

async function end({ scene, members }: Played): Promise<void> {
  let stopped = 0
  for (const { node } of members) void node.stop().then(() => stopped++)
  await scene.until(() => stopped === members.length, 'the nodes have stopped')
  await scene.stop()
}

/** While epoch 0 takes more in, and after everybody has answered. */
async function open({ scene, members, keeper }: Played, tasks: number): Promise<void> {
  if (keeper === undefined) return
  const { contributor, networkId } = scene
  await scene.until(
    () => members.every(({ node }) => node.status().batches.acknowledged > 0),
    'all have answered',
  )
  const answers = keeper.open(Array.from({ length: tasks }, (_, task) => task))
  await contributor.options.network.publish(
    'known',
    knownCodec.encode({ networkId, epoch: 0, job: 0, answers }),
  )
}

async function played(crowd: Crowd): Promise<Readonly<Record<string, bigint>>> {
  const all = await begin(crowd)
  await open(all, crowd.tasks)
  const earned = await earnings(all, 1)
  await end(all)
  return earned
}

function shownIn({ shown }: Question, name: string): string {
  const found = shown.find((one) => one.name === name)
  return found?.type === 'text' ? found.text : ''
}

const DEADLINE_MS = 120_000

describe('custom', () => {
  const folder = pathTo(import.meta.dirname, '..', '..', 'docs', 'examples', 'brightest')
  const file = (name: string): Uint8Array => new Uint8Array(readFileSync(pathTo(folder, name)))
  const [tiles, check] = [file('tiles.bin'), file('check.wasm')]
  const work = {
    instructions: 'Where is the brightest spot of 3 by 3 points?',
    pieces: { each: 'block', of: hex(hashOf(tiles)), bytes: 4_096 },
    answer: { type: 'text', most: 6 },
    check: { module: hex(hashOf(check)), fuel: 5_000_000 },
  }

  function brightest({ shown: [tile] }: Question): string {
    const bytes = Buffer.from(tile?.type === 'bytes' ? tile.base64 : '', 'base64')
    const inner = Array.from({ length: 62 }, (_, i) => i + 1)
    const around = [-65, -64, -63, -1, 0, 1, 63, 64, 65]
    const spots = inner.flatMap((row) => inner.map((column) => ({ column, row, at: 64 * row + column })))
    const light = ({ at }: { readonly at: number }): number =>
      around.reduce((sum, step) => sum + (bytes[at + step] ?? 0), 0)
    const { column, row } = spots.reduce((best, spot) => (light(spot) > light(best) ? spot : best))
    return `${column} ${row}\n`
  }

  it(
    "pays what the job's own check passes, and lets nothing else become a receipt",
    async () => {
      const people = [
        { name: 'anna', answer: (question: Question) => ({ answer: brightest(question) }) },
        { name: 'sam', answer: () => ({ answer: '1 1\n' }) },
      ]
      const earned = await played({
        ...{ kind: 'custom', work, content: [tiles, check], people },
        ...{ tasks: 12, replicas: 1 },
      })
      // Each of them was dealt five.
      expect(earned).toEqual({ anna: 5_000n, sam: 0n })
    },
    DEADLINE_MS,
  )
})

describe('label', () => {
  const birds = ['robin', 'tit', 'robin', 'tit', 'tit']
  const items = bytesOfText(birds.map((bird, i) => `note ${i}: this was a ${bird}\n`).join(''))
  const options = ['robin', 'tit', 'wren'].map((value) => ({ value, label: value }))
  const work = {
    instructions: 'Which bird is it?',
    items: hex(hashOf(items)),
    answer: { type: 'one', options },
    floor: HALF,
  }
  const job = { kind: 'label', work, content: [items], tasks: birds.length }
  const seen = (question: Question): string => shownIn(question, 'item').split(' ').at(-1) ?? ''
  const honest = (name: string): Person => ({ name, answer: (question) => ({ answer: seen(question) }) })

  it(
    'pays who agrees at least the floor, and a spammer only where it happens to be right',
    async () => {
      const spammer: Person = { name: 'sam', answer: () => ({ answer: 'robin' }) }
      const people = [...['anna', 'bela', 'carl'].map(honest), spammer]
      // Five tasks and no skill yet: half the price for each. Two of them are robins.
      expect(await played({ ...job, people, replicas: 4 })).toEqual({
        anna: 2_500n,
        bela: 2_500n,
        carl: 2_500n,
        sam: 1_000n,
      })
    },
    DEADLINE_MS,
  )

  it(
    'pays a third that agreed beforehand on other answers nothing',
    async () => {
      const other: Readonly<Record<string, string>> = { robin: 'wren', tit: 'robin' }
      const colluding = (name: string): Person => ({
        name,
        answer: (question) => ({ answer: other[seen(question)] }),
      })
      const people = [...['anna', 'bela', 'carl', 'dora'].map(honest), ...['yves', 'zoe'].map(colluding)]
      const earned = await played({ ...job, people, replicas: 6 })
      expect(earned).toEqual({ anna: 2_500n, bela: 2_500n, carl: 2_500n, dora: 2_500n, yves: 0n, zoe: 0n })
    },
    DEADLINE_MS,
  )
})

describe('known answers', () => {
  const birds = ['robin', 'tit', 'robin']
  const items = bytesOfText(birds.map((bird) => `this was a ${bird}\n`).join(''))
  const options = ['robin', 'tit', 'wren'].map((value) => ({ value, label: value }))
  const work = {
    instructions: 'Which bird is it?',
    items: hex(hashOf(items)),
    answer: { type: 'one', options },
    floor: HALF,
  }
  const job = { kind: 'label', work, content: [items], tasks: birds.length, replicas: 4 }
  const seen = (question: Question): string => shownIn(question, 'item').split(' ').at(-1) ?? ''
  const honest = (name: string): Person => ({ name, answer: (question) => ({ answer: seen(question) }) })
  const wrong = (name: string): Person => ({ name, answer: () => ({ answer: 'wren' }) })
  const opened = (answers: readonly string[]): ReadonlyMap<number, Uint8Array> =>
    new Map(answers.map((answer, task) => [task, bytesOfText(JSON.stringify(answer))]))

  it(
    'decide where half of the crowd colludes',
    async () => {
      const people = [...['anna', 'bela'].map(honest), ...['yves', 'zoe'].map(wrong)]
      const earned = await played({ ...job, people, known: opened(birds) })
      expect(earned).toEqual({ anna: 1_500n, bela: 1_500n, yves: 0n, zoe: 0n })
    },
    DEADLINE_MS,
  )

  it(
    'are void where more than two thirds contradict them: wrong ones cost nobody its pay',
    async () => {
      const people = ['anna', 'bela', 'carl', 'dora'].map(honest)
      const earned = await played({ ...job, people, known: opened(['wren', 'wren', 'wren']) })
      expect(earned).toEqual({ anna: 1_500n, bela: 1_500n, carl: 1_500n, dora: 1_500n })
    },
    DEADLINE_MS,
  )
})

describe('judge', () => {
  const rules = bytesOfText('Who does which task is dealt by a seed. Nobody can choose its tasks.')
  const items = bytesOfText('A task is dealt to whoever asks first.\nThe seed is older than the tasks.\n')
  const work = {
    instructions: 'Is it true by the rules?',
    items: hex(hashOf(items)),
    answer: { type: 'claims', sources: [{ name: 'rules', hash: hex(hashOf(rules)) }] },
    floor: HALF,
  }
  const quotes = [{ source: 'rules', text: 'Nobody can choose its tasks.' }]

  it(
    'looks quotes up in their source on every verifier, and pays who agrees',
    async () => {
      const careful = (name: string): Person => ({
        name,
        answer: (question) =>
          shownIn(question, 'item').startsWith('A task')
            ? { verdict: 'false', quotes }
            : { verdict: 'unclear', quotes: [] },
      })
      const people = [
        ...['anna', 'bela', 'carl'].map(careful),
        { name: 'sam', answer: () => ({ verdict: 'true', quotes }) },
      ]
      const earned = await played({
        kind: 'judge',
        work,
        content: [items, rules],
        people,
        tasks: 2,
        replicas: 4,
      })
      expect(earned).toEqual({ anna: 1_000n, bela: 1_000n, carl: 1_000n, sam: 0n })
    },
    DEADLINE_MS,
  )
})

describe('web', () => {
  const pages = bytesOfText('http://shop.example/one\nhttp://shop.example/two\nhttp://shop.example/three\n')
  const work = { pages: hex(hashOf(pages)), hosts: ['shop.example'] }

  /** A site without robots.txt, as this one sees it. */
  function site(textOf: (url: URL) => string): GuardedFetch {
    return {
      async get(url, { visit } = {}): Promise<Fetched> {
        await visit?.(new URL(url))
        const isRobots = url.endsWith('/robots.txt')
        const body = bytesOfText(
          isRobots
            ? ''
            : `<html><head><title>Shop</title></head><body><p>${textOf(new URL(url))}</p></body></html>`,
        )
        return { url, status: isRobots ? 404 : 200, contentType: 'text/html', body, at: 1_700_000_000 }
      },
    }
  }

  it(
    'pays who saw what most saw',
    async () => {
      const seenBy = (name: string) => (url: URL) =>
        name === 'sam' ? 'made up at home' : `all about ${url.pathname}`
      const people = ['anna', 'bela', 'carl', 'sam'].map((name) => ({ name, answer: () => undefined }))
      const web = (name: string) => ({ hosts: ['shop.example'], fetchOf: () => site(seenBy(name)) })
      const earned = await played({ kind: 'web', work, content: [pages], people, web, tasks: 3, replicas: 4 })
      expect(earned).toEqual({ anna: 3_000n, bela: 3_000n, carl: 3_000n, sam: 0n })
    },
    DEADLINE_MS,
  )

  it(
    'visits no host that the contributor did not agree to',
    async () => {
      const people = ['anna', 'bela', 'carl'].map((name) => ({ name, answer: () => undefined }))
      const asked: string[] = []
      const web = (name: string) => ({
        hosts: name === 'anna' ? ['other.example'] : ['*'],
        fetchOf: () =>
          site((url) => {
            asked.push(name)
            return url.pathname
          }),
      })
      const earned = await played({ kind: 'web', work, content: [pages], people, web, tasks: 3, replicas: 2 })
      expect(earned['anna']).toBe(0n)
      expect(new Set(asked)).toEqual(new Set(['bela', 'carl']))
    },
    DEADLINE_MS,
  )
})
