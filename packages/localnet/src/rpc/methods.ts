// Every method of the HTTP side, by name.
import { accountMethods } from './methods/accounts.ts'
import { blockhashMethods } from './methods/blockhash.ts'
import { clusterMethods } from './methods/cluster.ts'
import { historyMethods } from './methods/history.ts'
import { programMethods } from './methods/programs.ts'
import { sendMethods } from './methods/send.ts'
import { tokenMethods } from './methods/tokens.ts'
import type { Methods } from './params.ts'

export const methods: Methods = {
  ...accountMethods,
  ...blockhashMethods,
  ...clusterMethods,
  ...historyMethods,
  ...programMethods,
  ...sendMethods,
  ...tokenMethods,
}
