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

it('a measure that can not be read is left out, counted, and takes no other with it', async () => {
  const metrics = makeMetrics({ machine: false })
  let closed = false
  metrics.measure({ name: 'bytes', help: 'Bytes.', labels: [] }, async () => {
    if (closed) throw new Error('closed')
    return [{ value: 3, labels: {} }]
  })
  metrics.measure({ name: 'writes', help: 'Writes.', labels: [] }, async () => [{ value: 5, labels: {} }])
  expect(await metrics.text()).toContain('piecework_bytes 3')
  closed = true
  const text = await metrics.text()
  expect(text).toContain('piecework_writes 5')
  expect(text).not.toContain('piecework_bytes 3')
  expect(text).not.toContain('piecework_bytes 0')
  expect(await metrics.text()).toContain('piecework_measures_unread{measure="bytes"}')
})

it('a measure of which there is none is left out, and can be read', async () => {
  const metrics = makeMetrics({ machine: false })
  let found = [{ value: 3, labels: {} }]
  metrics.measure({ name: 'bytes', help: 'Bytes.', labels: [] }, async () => found)
  expect(await metrics.text()).toMatch(/^piecework_bytes 3$/m)
  found = []
  const text = await metrics.text()
  expect(text).not.toMatch(/^piecework_bytes \d/m)
  expect(text).not.toContain('piecework_measures_unread{')
})
