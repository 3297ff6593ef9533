// What counts as acknowledged and not paid, where daemons are killed.
import { expect, it } from 'vitest'
import { lostRows, type PaidEpoch } from '../src/adversary/kill/lost.ts'

const epochs = (all: Readonly<Record<number, readonly [paidRows: number, ...rows: string[]]>>) =>
  new Map(
    Object.entries(all).map(([epoch, [paidRows, ...rows]]): [number, PaidEpoch] => [
      Number(epoch),
      { paidRows, delivered: new Set(rows) },
    ]),
  )

it('a row is lost though others were paid that nobody acknowledged', () => {
  const paid = epochs({ 1: [2, '0/1', '0/2'], 2: [3, '0/3', '0/4', '0/5'] })
  expect(lostRows(['0/1', '0/2', '0/9'], paid)).toEqual(['0/9'])
})

it('a row that was delivered is lost where fewer were paid', () => {
  expect(lostRows(['0/1', '0/2', '0/3'], epochs({ 1: [2, '0/1', '0/2', '0/3'] }))).toHaveLength(1)
})

it('a row that was signed again is paid in either epoch', () => {
  const paid = epochs({ 1: [1, '0/1', '0/2'], 2: [1, '0/1'] })
  for (const rows of [
    ['0/1', '0/2'],
    ['0/2', '0/1'],
  ])
    expect(lostRows(rows, paid)).toEqual([])
  expect(lostRows(['0/1', '0/2', '0/3'], paid)).toEqual(['0/3'])
})
