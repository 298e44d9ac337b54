package io.caravan.job;

import io.caravan.error.CaravanException;

/** The lease of a claim has ended and the job is somebody else's; what was done for it is undone. */
public final class ClaimLostException extends CaravanException {

    private static final long serialVersionUID = 1L;

    ClaimLostException(Claim claim) {
        super(
                "jobs: the claim of job " + claim.job() + " (token " + claim.token()
                        + ") has ended and another worker may have it; nothing of it was kept",
                null);
    }
}
