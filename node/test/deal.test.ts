import { describe, expect, it } from 'vitest'
import { Deal, type Task } from '../src/deal.ts'
import { beginScene, type Scene, settled } from './support/scene.ts'
import type { ScriptedVerifier } from './support/verifier.ts'

function dealIn(scene: Scene): { deal: Deal; passed: Task[] } {
  const passed: Task[] = []
  const deal = new Deal({ ...scene.ports, pass: (tasks) => void passed.push(...tasks) })
  return { deal, passed }
}

const task = (number: number) => ({ job: 0, task: number })

describe('deal', () => {
  it('passes on what two verifiers say alike, and what comes later', async () => {
    const scene = await beginScene()
    for (const one of scene.scripted) one.deals.set(0, [task(0), task(1)])
    const { deal, passed } = dealIn(scene)
    const moment = await scene.moment()
    await deal.see(moment)
    expect(passed).toEqual([0, 1].map((one) => ({ ...task(one), epoch: 0 })))
    expect(await deal.see({ ...moment, slot: moment.slot + 1 })).toBe('rested')
    for (const one of scene.scripted) one.deals.set(0, [task(0), task(1), task(5)])
    await deal.see({ ...moment, slot: moment.slot + 2 })
    expect(passed.map((one) => one.task)).toEqual([0, 1, 5])
    expect(deal.dealtIn(0)).toBe(3)
  })

  it('does nothing that one verifier alone says', async () => {
    const scene = await beginScene()
    const [first, second, third] = scene.scripted
    first?.deals.set(0, [task(0), task(7), task(8)])
    second?.deals.set(0, [task(0), task(1)])
    third?.deals.set(0, [task(0), task(2)])
    const { deal, passed } = dealIn(scene)
    await deal.see(await scene.moment())
    expect(passed).toEqual([{ ...task(0), epoch: 0 }])
  })

  it('waits while a second verifier is not to be had, and says who does not answer', async () => {
    const scene = await beginScene()
    for (const one of scene.scripted) one.deals.set(0, [task(0)])
    for (const one of scene.scripted.slice(1)) scene.networks.cut(scene.nodeKey, one.script.key.publicKey)
    const { deal, passed } = dealIn(scene)
    const moment = await scene.moment()
    expect(await deal.see(moment)).toBe('rested')
    const later = { ...moment, slot: moment.slot + 4 }
    await expect(deal.see(later)).rejects.toThrow('Only one verifier')
    expect(passed).toEqual([])
    const [first] = scene.scripted
    if (first !== undefined) scene.networks.cut(scene.nodeKey, first.script.key.publicKey)
    await expect(deal.see({ ...moment, slot: moment.slot + 9 })).rejects.toThrow("No verifier answers 'work'")
  })

  it('needs no two answers at once: one that came before counts', async () => {
    const scene = await beginScene()
    const [first, second] = scene.scripted
    if (first === undefined || second === undefined) throw new Error('there are too few verifiers')
    for (const one of scene.scripted) one.deals.set(0, [task(0)])
    const only = (left: ScriptedVerifier): void => {
      scene.networks.heal(scene.nodeKey, left.script.key.publicKey)
      for (const one of scene.scripted)
        if (one !== left) scene.networks.cut(scene.nodeKey, one.script.key.publicKey)
    }
    const { deal, passed } = dealIn(scene)
    const moment = await scene.moment()
    const later = { ...moment, slot: moment.slot + 4 }
    only(first)
    await expect(deal.see(later)).rejects.toThrow('Only one verifier')
    // A node that fails asks no more often than others.
    expect(await deal.see({ ...moment, slot: later.slot + 1 })).toBe('rested')
    await expect(deal.see({ ...moment, slot: later.slot + 2 })).rejects.toThrow('Only one verifier')
    only(second)
    await deal.see({ ...moment, slot: later.slot + 4 })
    expect(passed).toEqual([{ ...task(0), epoch: 0 }])
  })

  it('asks for what it missed of an epoch, and for what its last slots added, after its end', async () => {
    const scene = await beginScene()
    for (const one of scene.scripted) one.deals.set(0, [task(0)])
    const { deal, passed } = dealIn(scene)
    await deal.see(await scene.moment())
    for (const one of scene.scripted) {
      one.deals.set(0, [task(0), task(1)])
      one.deals.set(1, [task(2)])
    }
    await scene.net.until((await scene.net.epoch(0)).endsAt + 1)
    const moment = await scene.moment()
    await deal.see(moment)
    expect(passed.slice(1)).toEqual([{ ...task(2), epoch: 1 }])
    await deal.see({ ...moment, slot: moment.slot + 2 })
    await settled()
    expect(passed.slice(2)).toEqual([{ ...task(1), epoch: 0 }])

    const restarted = dealIn(scene)
    for (const { script } of scene.scripted) scene.networks.cut(scene.nodeKey, script.key.publicKey)
    expect(await restarted.deal.see(moment)).toBe('rested')
    await settled()
    expect(scene.log.count('earlier-deal-unknown')).toBe(1)
    for (const { script } of scene.scripted) scene.networks.heal(scene.nodeKey, script.key.publicKey)
    await restarted.deal.see({ ...moment, slot: moment.slot + 2 })
    expect(restarted.passed).toEqual([{ ...task(2), epoch: 1 }])
    await restarted.deal.see({ ...moment, slot: moment.slot + 4 })
    await settled()
    expect(restarted.passed.slice(1)).toEqual([0, 1].map((one) => ({ ...task(one), epoch: 0 })))
  })

  it('asks about an epoch that has ended until two say all of it alike', async () => {
    const scene = await beginScene()
    const [behind, ahead, third] = scene.scripted
    if (third !== undefined) scene.networks.cut(scene.nodeKey, third.script.key.publicKey)
    behind?.deals.set(0, [task(0)])
    ahead?.deals.set(0, [task(0), task(1)])
    await scene.net.until((await scene.net.epoch(0)).endsAt + 1)
    const { deal, passed } = dealIn(scene)
    const moment = await scene.moment()
    await deal.see(moment)
    await settled()
    expect(passed).toEqual([{ ...task(0), epoch: 0 }])
    behind?.deals.set(0, [task(0), task(1)])
    await deal.see({ ...moment, slot: moment.slot + 4 })
    await settled()
    expect(passed.slice(1)).toEqual([{ ...task(1), epoch: 0 }])
    for (const one of scene.scripted) one.deals.set(0, [0, 1, 2].map(task))
    await deal.see({ ...moment, slot: moment.slot + 20 })
    await settled()
    expect(passed).toHaveLength(2)
  })

  it('says so when only one is left to tell of new tasks', async () => {
    const scene = await beginScene()
    for (const one of scene.scripted) one.deals.set(0, [task(0)])
    const { deal, passed } = dealIn(scene)
    const moment = await scene.moment()
    await deal.see(moment)
    const [left, ...others] = scene.scripted
    for (const one of others) scene.networks.cut(scene.nodeKey, one.script.key.publicKey)
    const later = { ...moment, slot: moment.slot + 4 }
    expect(await deal.see(later)).toBeUndefined()
    left?.deals.set(0, [task(0), task(1)])
    await expect(deal.see({ ...moment, slot: moment.slot + 8 })).rejects.toThrow('Only one verifier')
    expect(passed).toEqual([{ ...task(0), epoch: 0 }])
  })

  it('hears of the running epoch while nobody answers about one that has ended', async () => {
    const scene = await beginScene()
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    for (const one of scene.scripted) {
      one.deals.set(0, [task(0)])
      one.deals.set(1, [task(1)])
      one.slow.set(0, answered)
    }
    await scene.net.until((await scene.net.epoch(0)).endsAt + 1)
    const { deal, passed } = dealIn(scene)
    const moment = await scene.moment()
    await deal.see(moment)
    expect(passed).toEqual([{ ...task(1), epoch: 1 }])
    answer()
    await settled()
    expect(passed.slice(1)).toEqual([{ ...task(0), epoch: 0 }])
  })
})
