// A process that opens a store whose bulk is damaged, and says what became of it: level may end it over a damaged block.
// Arguments: the folder, and a file with what the store acknowledged.
import { readFile } from 'node:fs/promises'
import { openStore } from '@piecework/store'
import { countLost } from './acknowledged.ts'
import { fetchesAgain } from './pieces.ts'
import { OPTIONS } from './signing.ts'

const [folder = '', acks = ''] = process.argv.slice(2)
const store = await openStore(folder, OPTIONS)
const lost = await countLost(store, JSON.parse(await readFile(acks, 'utf8')))
const again = lost > 0 || (await fetchesAgain(store))
await store.close()
process.stdout.write(lost > 0 ? 'lost in silence' : again ? 'whole' : 'unclear')
