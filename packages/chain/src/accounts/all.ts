// Every account's form.
import type { Layout } from '../codec/layout.ts'
import { claimPageForm } from './claim-page.ts'
import { disputeForm } from './dispute.ts'
import { epochForm } from './epoch.ts'
import { jobForm } from './job.ts'
import { networkForm } from './network.ts'
import { rosterForm } from './roster.ts'
import { verifierForm } from './verifier.ts'

/** What forms have in common, whatever their value. */
export interface AnyAccountForm {
  readonly kind: number
  readonly layout: Layout<unknown>
}

export const accountForms: readonly AnyAccountForm[] = [
  networkForm,
  rosterForm,
  verifierForm,
  epochForm,
  jobForm,
  claimPageForm,
  disputeForm,
]
