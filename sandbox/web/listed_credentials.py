"""Knows only the callers whom the file of credentials lists.

A refusal says what is wrong and never what would have been right.

Source: FACTS 2, DESIGN (workspaces and credentials).
"""

import hmac
from collections.abc import Mapping
from typing import Final

from sandbox.domain.credentials import CredentialList, ListedClient, ListedUser
from sandbox.domain.identifiers import DEFAULT_WORKSPACE
from sandbox.domain.transactions import Initiator
from sandbox.web.authority import (
    SERVICE_ACCOUNT,
    TOKEN_PATH,
    Caller,
    claimed_workspace,
    end_of,
    initiator_of,
    named_login_workspace,
    named_workspace,
)
from sandbox.web.credentials import Shown, ShownKey, ShownToken, ShownUser, split_name
from sandbox.web.errors import NotAuthenticated
from sandbox.web.tokens import TokenSigner, claims_of

_GET_ONE: Final = f"Get one from `{TOKEN_PATH}`."


class ListedCredentials:
    """Takes what the list has; its workspace wins over the one that the credentials name."""

    def __init__(self, listed: CredentialList, signer: TokenSigner) -> None:
        self._listed = listed
        self._signer = signer

    def caller(self, shown: Shown) -> Caller:
        """Return who it is.

        Raises:
            NotAuthenticated: not in the list, a wrong password, or a token that is not ours.
        """
        if isinstance(shown, ShownKey):
            return self._by_key(shown)
        if isinstance(shown, ShownUser):
            return self._by_password(shown)
        return self._by_token(shown)

    def workspace_of(self, shown: Shown) -> str:
        """Return the workspace of a listed credential, else the one that it names itself."""
        own: str | None = None
        if isinstance(shown, ShownKey):
            key = self._listed.keys.get(shown.key)
            own = key.workspace if key else None
        elif isinstance(shown, ShownUser):
            user = self._user(shown.name)
            own = user.workspace if user else None
        else:
            entry = self._entry(claims_of(shown.token))
            own = entry.workspace if entry else None
        return own or named_workspace(shown)

    def admits_client(self, client_id: str, secret: str) -> bool:
        """Tell whether the list has this client with this secret."""
        client = self._client(client_id)
        return client is not None and _same(client.secret, secret)

    def admits_user(self, name: str, password: str) -> bool:
        """Tell whether the list has this user with this password."""
        user = self._user(name)
        return user is not None and _same(user.password, password)

    def workspace_of_login(self, client_id: str, name: str | None) -> str:
        """Return the workspace that the list gives the user or the client, else the names' own."""
        entries = (self._user(name) if name else None, self._client(client_id))
        listed = next((each.workspace for each in entries if each and each.workspace), None)
        return listed or named_login_workspace(client_id, name)

    def _by_key(self, shown: ShownKey) -> Caller:
        listed = self._listed.keys.get(shown.key)
        if listed is None:
            raise NotAuthenticated(
                "The credentials file does not have this API key. Add it there under `api_keys`."
            )
        return Caller(
            workspace=listed.workspace or named_workspace(shown),
            is_public=listed.is_public,
            remark=shown.remark,
        )

    def _by_password(self, shown: ShownUser) -> Caller:
        user = self._user(shown.name)
        if user is None:
            raise NotAuthenticated(
                "The credentials file does not have this user. Add one there under `users`."
            )
        if not _same(user.password, shown.password):
            raise NotAuthenticated("The password is not the one of this user in the file.")
        return Caller(
            workspace=user.workspace or named_workspace(shown),
            initiator=_initiator(user),
            permissions=user.permissions,
        )

    def _by_token(self, shown: ShownToken) -> Caller:
        claims = claims_of(shown.token)
        if not self._signer.signed(shown.token):
            raise NotAuthenticated(self._why_not_ours(shown.token, claims))
        entry = self._entry(claims)
        if entry is None:
            raise NotAuthenticated(
                f"The credentials file does not have the user or client of this token. {_GET_ONE}"
            )
        return Caller(
            workspace=entry.workspace or claimed_workspace(claims) or DEFAULT_WORKSPACE,
            initiator=_initiator(entry),
            permissions=entry.permissions,
            expires_at=end_of(claims),
        )

    def _why_not_ours(self, token: str, claims: Mapping[str, object]) -> str:
        if token in self._listed.keys:
            return "This is an API key, not a token: send `Authorization: Api-Key <key>`."
        if claims:
            return f"The signature of the token is not that of this sandbox. {_GET_ONE}"
        return f"The token is not one of this sandbox. {_GET_ONE}"

    def _entry(self, claims: Mapping[str, object]) -> ListedUser | ListedClient | None:
        name, client_id = claims.get("preferred_username"), claims.get("azp")
        if not isinstance(name, str) or not isinstance(client_id, str):
            return None
        client = self._client(client_id)
        if client is not None and name == SERVICE_ACCOUNT + client.client_id:
            return client
        return self._user(name)

    def _user(self, name: str) -> ListedUser | None:
        """Return the user of this name, or of what stands before `@` and a workspace."""
        users = self._listed.users
        own, workspace = split_name(name)
        return users.get(name) or (users.get(own) if workspace else None)

    def _client(self, client_id: str) -> ListedClient | None:
        clients = self._listed.clients
        own, workspace = split_name(client_id)
        return clients.get(client_id) or (clients.get(own) if workspace else None)


def _initiator(entry: ListedUser | ListedClient) -> Initiator:
    if isinstance(entry, ListedClient):
        return initiator_of(SERVICE_ACCOUNT + entry.client_id)
    return initiator_of(
        entry.username,
        number=entry.id,
        email=entry.email,
        first_name=entry.first_name,
        last_name=entry.last_name,
    )


def _same(kept: str, said: str) -> bool:
    return hmac.compare_digest(kept.encode(), said.encode())
