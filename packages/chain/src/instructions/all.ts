// Every instruction's form, for those who look one up: by its name, or by the first byte of its data.

import { acceptAuthorityForm } from './accept-authority.ts'
import { applySlashForm } from './apply-slash.ts'
import { claimForm } from './claim.ts'
import { closeDisputeForm } from './close-dispute.ts'
import { closeJobForm } from './close-job.ts'
import { createJobForm } from './create-job.ts'
import { createNetworkForm } from './create-network.ts'
import { dropInactiveForm } from './drop-inactive.ts'
import { finalizeForm } from './finalize.ts'
import type { InstructionForm } from './form.ts'
import { joinRosterForm } from './join-roster.ts'
import { leaveRosterForm } from './leave-roster.ts'
import { nextRoundForm } from './next-round.ts'
import { nominateAuthorityForm } from './nominate-authority.ts'
import { openDisputeForm } from './open-dispute.ts'
import { openPageForm } from './open-page.ts'
import { pauseForm } from './pause.ts'
import { postForm } from './post.ts'
import { proposeForm } from './propose.ts'
import { proveDisputeForm } from './prove-dispute.ts'
import { refundJobForm } from './refund-job.ts'
import { resumeForm } from './resume.ts'
import { retireForm } from './retire.ts'
import { sealEpochForm } from './seal-epoch.ts'
import { setParamsForm } from './set-params.ts'
import { startForm } from './start.ts'
import { voteForm } from './vote.ts'
import { withdrawStakeForm } from './withdraw-stake.ts'

/** A form, whatever its accounts and arguments. */
export type AnyInstructionForm = InstructionForm<string, object>

export const instructionForms: readonly AnyInstructionForm[] = [
  createNetworkForm,
  startForm,
  setParamsForm,
  nominateAuthorityForm,
  acceptAuthorityForm,
  pauseForm,
  resumeForm,
  joinRosterForm,
  leaveRosterForm,
  retireForm,
  withdrawStakeForm,
  dropInactiveForm,
  createJobForm,
  closeJobForm,
  refundJobForm,
  postForm,
  sealEpochForm,
  proposeForm,
  nextRoundForm,
  voteForm,
  finalizeForm,
  openDisputeForm,
  proveDisputeForm,
  openPageForm,
  claimForm,
  applySlashForm,
  closeDisputeForm,
]
