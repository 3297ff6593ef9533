import { describe, expect, it } from 'vitest'
import { Deal, type Task } from '../src/deal.ts'
import { beginScene, type Scene } from './support/scene.ts'
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
    await expect(deal.see(later)).rejects.toThrow('Only one verifier')
    only(second)
    await deal.see(later)
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
    expect(passed.slice(2)).toEqual([{ ...task(1), epoch: 0 }])

    const restarted = dealIn(scene)
    for (const { script } of scene.scripted) scene.networks.cut(scene.nodeKey, script.key.publicKey)
    expect(await restarted.deal.see(moment)).toBeUndefined()
    expect(scene.log.count('earlier-deal-unknown')).toBe(1)
    for (const { script } of scene.scripted) scene.networks.heal(scene.nodeKey, script.key.publicKey)
    await restarted.deal.see({ ...moment, slot: moment.slot + 2 })
    expect(restarted.passed).toEqual([{ ...task(2), epoch: 1 }])
    await restarted.deal.see({ ...moment, slot: moment.slot + 4 })
    expect(restarted.passed.slice(1)).toEqual([0, 1].map((one) => ({ ...task(one), epoch: 0 })))
  })
})
