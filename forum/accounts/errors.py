"""What can go wrong with accounts."""

from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, TooManyRequests, Unauthorized


class UsernameTaken(Conflict):
    """Somebody has this name or one that looks like it, or it is reserved; choose another."""

    code = "username-taken"
    title = "The name is not available"


class EmailTaken(Conflict):
    """An account with this e-mail address exists; sign in instead."""

    code = "email-taken"
    title = "The address belongs to an account"


class WeakPassword(Invalid):
    """The password is too easy to guess; `detail` says why."""

    code = "weak-password"
    title = "The password is too easy to guess"


class InvalidCredentials(Unauthorized):
    """The name or address and the password do not belong together."""

    code = "invalid-credentials"
    title = "Name and password do not match"


class SignInAgain(Forbidden):
    """Who has no password signs in first: this takes a session of the last ten minutes."""

    code = "sign-in-again"
    title = "Sign in again first"


class InvalidToken(Unauthorized):
    """The token is malformed, forged, expired, revoked, or of the wrong kind; sign in again."""

    code = "invalid-token"
    title = "The token is not valid"


class InvalidMailedToken(Invalid):
    """The link or code of the mail was used before, is too old, or has been overtaken; ask anew."""

    code = "invalid-mailed-token"
    title = "The mailed link is not valid any more"


class TokenReused(Unauthorized):
    """A refresh token was presented twice, so somebody else may hold it: its session has ended."""

    code = "token-reused"
    title = "The refresh token was spent before"
    keeps_changes = True


class EmailNotConfirmed(Forbidden):
    """Votes and ballots need a confirmed e-mail address."""

    code = "email-not-confirmed"
    title = "Confirm your e-mail address first"


class InsufficientScope(Forbidden):
    """The personal access token is not for this: it lacks `scope`. Null: no token is, sign in."""

    code = "insufficient-scope"
    title = "The token is not for this"


class Sanctioned(Forbidden):
    """A moderator bars the member from this: `reason` and `message` say why, `until` for how long.

    A warning bars them until they have seen it: `PUT /me/sanctions/{sanction_id}/seen`.
    """

    code = "sanctioned"
    title = "Barred by a moderator"


class Banned(Forbidden):
    """From here, or with such an address, nobody opens an account or writes as a guest.

    `until` says how long; null is for good.
    """

    code = "banned"
    title = "Kept out by a moderator"


class BanNotFound(NotFound):
    """No ban has this id."""


class SanctionNotFound(NotFound):
    """No sanction has this id, or it is somebody else's."""


class SessionNotFound(NotFound):
    """The member has no session with this id that goes on."""


class AccessTokenNotFound(NotFound):
    """The member has no personal access token with this id."""


class TooManyAccessTokens(Conflict):
    """The member has as many tokens as one may have; revoke those that nobody uses."""

    code = "too-many-access-tokens"
    title = "No more access tokens"


class SecondFactorNeeded(Unauthorized):
    """The member has a second factor: send the same with `code`, from their app or their list."""

    code = "second-factor-needed"
    title = "A code is needed, too"


class WrongCode(Unauthorized):
    """The code is wrong, too old, or was used before."""

    code = "wrong-code"
    title = "The code is not good"
    keeps_changes = True


class TooManyCodes(TooManyRequests):
    """Too many wrong codes were tried for this member; `Retry-After` says when to go on."""

    code = "too-many-codes"
    title = "Too many wrong codes"


class SecondFactorInForce(Conflict):
    """The member has a second factor; disable it first."""

    code = "two-factor-in-force"
    title = "There is a second factor"


class SecondFactorNotSetUp(Conflict):
    """The member has no second factor; set one up first."""

    code = "two-factor-not-set-up"
    title = "There is no second factor"


class TwoFactorRequired(Forbidden):
    """Here staff needs a second factor for this: `POST /auth/two-factor` sets one up."""

    code = "two-factor-required"
    title = "Set up a second factor first"


class LastAdmin(Conflict):
    """There is no other admin: make somebody one first."""

    code = "last-admin"
    title = "The last admin stays"


class FeedTokenNotFound(NotFound):
    """The member has no feed token with this id."""


class TooManyFeedTokens(Conflict):
    """The member has as many feed tokens as one may have; revoke those that nobody uses."""

    code = "too-many-feed-tokens"
    title = "No more feed tokens"


class MemberNotFound(NotFound):
    """No member has this name."""


class GuestNameTaken(Conflict):
    """A member is called like this or nearly so, or the name is reserved; choose another."""

    code = "guest-name-taken"
    title = "The name is not available"


class IdentityTaken(Conflict):
    """The other site's user signs in to an account here already, perhaps to this one."""

    code = "identity-taken"
    title = "The identity has an account"


class IdentityNotFound(NotFound):
    """The member has no identity with this id."""


class LastWayIn(Conflict):
    """Nothing else signs the member in: have a password set by mail, or join another identity."""

    code = "last-way-in"
    title = "There is no other way in"


class SignInRefused(Unauthorized):
    """What another site says about who signs in is not accepted; `detail` says why."""

    code = "sign-in-refused"
    title = "The sign-in was refused"


class NoSuchSignIn(NotFound):
    """The forum lets nobody sign in this way; it has not been set up."""
