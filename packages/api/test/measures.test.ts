// Numbers that are read whenever somebody looks.
import { expect, it } from 'vitest'
import { makeMetrics } from '../src/index.ts'

it('a measure is read anew each time', async () => {
  const metrics = makeMetrics({ machine: false })
  let writes = 1
  metrics.measure({ name: 'store_writes', help: 'Writes.', labels: ['area'] }, async () => [
    { value: writes, labels: { area: 'kept' } },
  ])
  expect(await metrics.text()).toContain('piecework_store_writes{area="kept"} 1')
  writes = 7
  expect(await metrics.text()).toContain('piecework_store_writes{area="kept"} 7')
})
