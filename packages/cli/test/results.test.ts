// Results as files: how answers agree, and what other tools read.
import { loadKinds } from '@piecework/work'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { agreementsOf } from '../src/job/agreement.ts'
import type { ResultRow } from '../src/job/results.ts'
import { csvOf, linesOf, parquetOf } from '../src/job/table.ts'

const row: ResultRow = {
  ...{ task: 7, node: 3, units: 1, at: 1_700_000_000, epoch: 2, batch: 'ab'.repeat(32), row: 5 },
  ...{
    output: { answer: '=robin, "red"' },
    result: { answer: 'tit' },
    answers: 3,
    agreement: 2 / 3,
    agrees: false,
    confidence: 0.75,
  },
}

describe('agreement', () => {
  it.each([0, 200_000])(
    'counts who says what the answers say together, with a floor of %d',
    async (floor) => {
      const kinds = await loadKinds([], (name) => import(name))
      const options = ['robin', 'tit'].map((value) => ({ value, label: value }))
      const work = { instructions: 'Which?', items: '00'.repeat(32), answer: { type: 'one', options }, floor }
      const open = kinds.named('label').open(work)
      const held = { bytes: () => new Uint8Array() }
      const answer = (task: number, node: number, said: string) => {
        return { task, node, epoch: 0, units: 1, output: new TextEncoder().encode(JSON.stringify(said)) }
      }
      const all = [answer(0, 1, 'robin'), answer(0, 2, 'robin'), answer(0, 3, 'tit'), answer(1, 1, 'tit')]
      const found = agreementsOf({ open, held }, all)
      expect(all.map((one) => found.get(one))).toEqual([
        {
          answers: 3,
          agreement: 2 / 3,
          agrees: true,
          result: { answer: 'robin' },
          confidence: expect.any(Number),
        },
        {
          answers: 3,
          agreement: 2 / 3,
          agrees: true,
          result: { answer: 'robin' },
          confidence: expect.any(Number),
        },
        {
          answers: 3,
          agreement: 2 / 3,
          agrees: false,
          result: { answer: 'robin' },
          confidence: expect.any(Number),
        },
        { answers: 1, agreement: 1, agrees: true, result: { answer: 'tit' }, confidence: expect.any(Number) },
      ])
      const sure = found.get(all[0] ?? answer(0, 0, ''))?.confidence
      expect(sure).toBeGreaterThan(0.5)
      expect(sure).toBeLessThan(1)
    },
  )
})

describe('a file of results', () => {
  it('is read back from Parquet by another tool', async () => {
    const { buffer: file } = await parquetOf([row, { ...row, task: 8, agrees: true, confidence: null }])
    const read = await parquetReadObjects({ file: file as ArrayBuffer })
    expect(read).toMatchObject([
      {
        task: 7,
        agrees: false,
        agreement: 2 / 3,
        confidence: 0.75,
        output: '{"answer":"=robin, \\"red\\""}',
        epoch: 2,
        row: 5,
      },
      { task: 8, agrees: true, confidence: null, batch: 'ab'.repeat(32), at: '2023-11-14T22:13:20.000Z' },
    ])
  })

  it('is CSV with quotes where they are needed, and JSON line by line', () => {
    const [head, line] = csvOf([row]).split('\r\n')
    expect(head).toBe('task,result,output,agrees,agreement,confidence,answers,node,units,at,epoch,batch,row')
    expect(line).toContain('7,"{""answer"":""tit""}",')
    expect(JSON.parse(linesOf([row]))).toEqual(row)
  })
})
