import { describe, expect, it } from 'vitest'
import { Deal, type Task } from '../src/deal.ts'
import { beginScene, type Scene } from './support/scene.ts'

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
})
