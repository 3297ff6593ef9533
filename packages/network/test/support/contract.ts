// What every implementation of the Network port does.
import { createHash } from 'node:crypto'
import {
  DATA_WHOLE_BYTES,
  DataAnswers,
  fetchByHash,
  type Network,
  NetworkError,
  type Peer,
  PIECE_BYTES,
  protocols,
  type Received,
  type RuleId,
} from '@piecework/network'
import { equalBytes } from '@piecework/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Mailbox } from './mailbox.ts'
import { SAMPLES } from './samples.ts'
import type { World } from './worlds.ts'

export const codeOf = (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => 'no error',
    (error) => (error instanceof NetworkError ? error.code : error),
  )

/** Resolves when one is connected to the other, which answers these. */
export async function knows(
  network: Network,
  key: Uint8Array,
  answers: readonly string[] = [],
): Promise<Peer> {
  const peers = new Mailbox<Peer>()
  const end = network.onPeer((peer) => peers.put(peer))
  const peer = await peers.first(
    (one) => equalBytes(one.key, key) && answers.every((name) => one.answers.includes(name)),
  )
  end()
  return peer
}

/** Listens to a topic, and says the same rule of all. */
export function listener(network: Network, rule: RuleId = 'sound'): Mailbox<Received> {
  const box = new Mailbox<Received>()
  network.subscribe('enrolments', (message) => {
    box.put(message)
    return Promise.resolve(rule)
  })
  return box
}

const message = (text: string): Uint8Array => new TextEncoder().encode(text)

export function describeContract(name: string, makeWorld: () => World): void {
  describe(`the network port ${name}`, () => {
    let world: World
    beforeEach(() => {
      world = makeWorld()
    })
    afterEach(() => world.end())

    it('tells who is connected, and what each answers', async () => {
      const hub = await world.hub()
      hub.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
      const home = await world.home()
      expect((await knows(home, hub.self, ['work'])).answers).toEqual(['work'])
      await knows(hub, home.self)
      expect(home.peers().map(({ key }) => key)).toEqual([hub.self])

      hub.answer(protocols.status, () => Promise.reject(new Error('no')))
      expect((await knows(home, hub.self, ['status'])).answers).toEqual(['status', 'work'])
      expect(hub.addresses().length).toBeGreaterThan(0)
    })

    it('carries each question and answer, and says who asks', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      for (const { protocol, questions, answers } of SAMPLES) {
        const left = [...answers]
        hub.answer(protocol, async (question, from) => {
          expect(question).toEqual(questions[0])
          expect(from).toEqual(home.self)
          return left.shift()
        })
      }
      await knows(
        home,
        hub.self,
        SAMPLES.map(({ protocol }) => protocol.name),
      )
      for (const { protocol, questions, answers } of SAMPLES)
        for (const answer of answers) expect(await home.ask(protocol, questions[0], hub.self)).toEqual(answer)
    })

    it('asks a home over the connection that it dialled', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      home.answer(protocols.open, () => Promise.resolve({ openings: [] }))
      await knows(hub, home.self, ['open'])
      expect(await hub.ask(protocols.open, { epoch: 1, rows: [] }, home.self)).toEqual({ openings: [] })
    })

    it('carries many megabytes either way', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      const bytes = new Uint8Array(9_000_000).map((_, i) => i % 251)
      const items = Array.from({ length: 5 }, (_, i) => bytes.slice(i, i + DATA_WHOLE_BYTES))
      hub.answer(protocols.data, () => Promise.resolve({ found: items }))
      hub.answer(protocols.upload, async (question) => {
        expect(equalBytes(question.bytes, bytes)).toBe(true)
        return { hash: new Uint8Array(32), complete: true }
      })
      await knows(home, hub.self)
      const { found } = await home.ask(protocols.data, { sort: 'content', hashes: [] }, hub.self)
      expect(
        found.map((one, i) => one instanceof Uint8Array && equalBytes(one, items[i] ?? hub.self)),
      ).toEqual(items.map(() => true))
      const upload = { job: new Uint8Array(32), bytes }
      expect((await home.ask(protocols.upload, upload, hub.self)).complete).toBe(true)
    })

    it('fetches something long by its hash, also when who has it goes in the middle', async () => {
      const [goes, stays, home] = [await world.hub(), await world.hub(), await world.home()]
      const bytes = new Uint8Array(16 * PIECE_BYTES).map((_, i) => (i + (i >> 8)) % 256)
      const given: number[] = []
      for (const hub of [goes, stays]) {
        const answers = new DataAnswers(async () => bytes)
        hub.answer(protocols.data, (question) => answers.data(question))
        hub.answer(protocols.piece, async (question) => {
          if (hub === goes && given.length > 3) {
            void hub.stop()
            throw new Error('it goes')
          }
          given.push(question.at)
          return answers.piece(question)
        })
      }
      await knows(home, goes.self, ['data', 'piece'])
      await knows(home, stays.self, ['data', 'piece'])
      const hashes = [new Uint8Array(createHash('sha256').update(bytes).digest())]
      const peers = [goes.self, stays.self]
      const [fetched] = await fetchByHash({ network: home, sort: 'content', hashes, peers })
      expect(fetched !== undefined && equalBytes(fetched, bytes)).toBe(true)
      // Of what was on its way when it went, two pieces at most were asked for again.
      expect(given.length).toBeLessThanOrEqual(16 + 2)
    })

    it('answers many questions at once', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      hub.answer(protocols.work, ({ epoch }) => Promise.resolve({ node: epoch, tasks: [] }))
      await knows(home, hub.self)
      const epochs = Array.from({ length: 100 }, (_, epoch) => epoch)
      const answers = await Promise.all(
        epochs.map((epoch) => home.ask(protocols.work, { epoch, nodeKey: home.self }, hub.self)),
      )
      expect(answers.map(({ node }) => node)).toEqual(epochs)
    })

    it('says why there is no answer', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      const question = { epoch: 1, nodeKey: home.self }
      hub.answer(protocols.work, () => Promise.reject(new Error('Nobody works on Sundays.')))
      await knows(home, hub.self)

      const refusal = await home.ask(protocols.work, question, hub.self).catch((error) => error)
      expect(refusal).toMatchObject({ code: 'network/refused', message: 'Nobody works on Sundays.' })
      const unsupported = home.ask(protocols.ledger, { ledger: 'jobs', owner: home.self, index: 0 }, hub.self)
      expect(await codeOf(unsupported)).toBe('network/unsupported')
      expect(await codeOf(home.ask(protocols.work, question, STRANGER))).toBe('network/unreachable')
      const long = { job: home.self, bytes: new Uint8Array(protocols.upload.maxQuestionBytes) }
      expect(await codeOf(home.ask(protocols.upload, long, hub.self))).toBe('network/too-long')
      expect(await codeOf(home.publish('reveals', new Uint8Array(2_000_000)))).toBe('network/too-long')
    })

    it('gives up a question that nobody waits for any longer', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      const asked = new Mailbox<true>()
      hub.answer(protocols.work, () => {
        asked.put(true)
        return new Promise(() => undefined)
      })
      await knows(home, hub.self)
      const over = new AbortController()
      const to = { peer: hub.self, signal: over.signal }
      const ask = (): Promise<unknown> =>
        codeOf(home.ask(protocols.work, { epoch: 0, nodeKey: home.self }, to))
      const asking = ask()
      await asked.next()
      over.abort()
      expect([await asking, await ask()]).toEqual(['network/given-up', 'network/given-up'])
    })

    it('takes one answer for a protocol, one judge for a topic, until they end', async () => {
      const hub = await world.hub()
      const end = hub.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
      expect(() => hub.answer(protocols.work, () => Promise.reject(new Error()))).toThrow(NetworkError)
      end()
      hub.answer(protocols.work, () => Promise.resolve({ node: 2, tasks: [] }))()
      const unsubscribe = hub.subscribe('known', () => Promise.resolve('sound'))
      expect(() => hub.subscribe('known', () => Promise.resolve('sound'))).toThrow(NetworkError)
      unsubscribe()
      hub.subscribe('known', () => Promise.resolve('sound'))()
    })

    it('publishes to who listens, also when they begin later', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      await knows(home, hub.self)
      const published = home.publish('enrolments', message('early'))
      const box = listener(hub)
      await published
      expect(await box.next()).toEqual({ bytes: message('early'), from: home.self })
    })

    it('passes on what is accepted, and nothing else', async () => {
      const [hub, from, to] = [await world.hub(), await world.home(), await world.home()]
      const judged = new Mailbox<string>()
      const rules = new Map<string, RuleId>([
        ['one', 'duplicate'],
        ['two', 'waiting'],
        ['three', 'malformed'],
        ['four', 'sound'],
      ])
      hub.subscribe('enrolments', async ({ bytes }) => {
        const text = new TextDecoder().decode(bytes)
        judged.put(text)
        return rules.get(text) ?? 'busy'
      })
      const heard = listener(to)
      // Who subscribes is heard of before the message comes.
      await to.publish('enrolments', message('zero'))
      expect(await judged.next()).toBe('zero')
      for (const text of rules.keys()) {
        await from.publish('enrolments', message(text))
        expect(await judged.next()).toBe(text)
      }
      expect((await heard.next()).bytes).toEqual(message('two'))
      expect(await heard.next()).toEqual({ bytes: message('four'), from: hub.self })
    })

    it('ends what waits when it stops, and stops twice as once', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      const asked = new Mailbox<true>()
      hub.answer(protocols.work, () => {
        asked.put(true)
        return new Promise(() => undefined)
      })
      await knows(home, hub.self)
      const waiting = [
        codeOf(home.ask(protocols.work, { epoch: 0, nodeKey: home.self }, hub.self)),
        codeOf(home.publish('appeals', message('nobody hears it'))),
      ]
      await asked.next()
      await Promise.all([home.stop(), home.stop()])
      expect(await Promise.all(waiting)).toEqual(['network/stopped', 'network/nobody-listens'])
      const again = home.ask(protocols.work, { epoch: 0, nodeKey: home.self }, hub.self)
      expect(await codeOf(again)).toBe('network/stopped')
    })
  })
}

/** A key that nobody has. */
export const STRANGER: Uint8Array = Uint8Array.from(
  Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex'),
)
