"""Where credentials come from, and that they appear nowhere."""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="func-returns-value, redundant-expr"
from __future__ import annotations

import keyring
import keyring.backend
import keyring.errors
import pytest

from mezan_graph.errors import RemoteError, UsageError
from mezan_graph.exchange.credentials import (
    ENDPOINT,
    checked_url,
    find_credentials,
    without_secrets,
)

URL = "https://store.example/ds"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """No netrc and no keyring but those of the test."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(keyring, "get_credential", lambda _service, _user: None)
    return tmp_path


def netrc(home, text, name=".netrc"):
    path = home / name
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_nobody():
    found = find_credentials(URL, environment={})
    assert (found.user, found.token) == (None, None)


def test_the_environment_comes_first(home):
    netrc(home, "machine store.example login other password other\n")
    who = {"MEZAN_PUSH_USER": "ann", "MEZAN_PUSH_PASSWORD": "pass"}
    found = find_credentials(URL, environment=who)
    assert (found.user, found.password) == ("ann", "pass")
    assert find_credentials(URL, environment={"MEZAN_PUSH_TOKEN": "abc"}).token == "abc"


def test_who_may_read_need_not_be_who_may_write():
    who = {
        "MEZAN_PUSH_TOKEN": "writes",
        "MEZAN_ENDPOINT_USER": "ann",
        "MEZAN_ENDPOINT_PASSWORD": "p",
    }
    found = find_credentials(URL, environment=who, prefix=ENDPOINT)
    assert (found.user, found.password, found.token) == ("ann", "p", None)


def test_netrc(home):
    netrc(
        home, "machine elsewhere login x password y\nmachine store.example login ann password s\n"
    )
    found = find_credentials(URL, environment={})
    assert (found.user, found.password) == ("ann", "s")
    other = netrc(home, "machine store.example login bob password t\n", "other")
    assert find_credentials(URL, environment={"NETRC": str(other)}).user == "bob"
    with pytest.raises(UsageError, match="no password for the user eve"):
        find_credentials(URL, "eve", environment={})


def test_a_broken_netrc_is_not_quoted(home):
    netrc(home, "machine store.example login ann\npasswort hunter2\n")
    with pytest.raises(RemoteError) as caught:
        find_credentials(URL, environment={})
    assert "hunter2" not in str(caught.value)
    assert caught.value.line


def test_the_keyring(monkeypatch):
    kept = keyring.credentials.SimpleCredential("ann", "from the keyring")
    asked = []
    monkeypatch.setattr(
        keyring, "get_credential", lambda service, user: asked.append((service, user)) or kept
    )
    assert find_credentials(URL, "ann", environment={}).password == "from the keyring"
    assert asked == [("mezan:store.example", "ann")]

    def locked(_service, _user):
        raise keyring.errors.KeyringLocked

    monkeypatch.setattr(keyring, "get_credential", locked)
    assert find_credentials(URL, environment={}).user is None


def test_a_password_is_not_shown():
    who = {"MEZAN_PUSH_USER": "ann", "MEZAN_PUSH_PASSWORD": "hunter2"}
    assert "hunter2" not in repr(find_credentials(URL, environment=who))
    assert "hunter2" not in repr(find_credentials(URL, environment={"MEZAN_PUSH_TOKEN": "hunter2"}))


@pytest.mark.parametrize("url", ["ftp://e/", "/ds", "http://", "http://[::1", "https://a b/", ""])
def test_only_http(url):
    with pytest.raises(UsageError, match="URL"):
        checked_url(url, insecure_http=True)


def test_credentials_do_not_belong_into_a_url():
    with pytest.raises(UsageError) as caught:
        checked_url("https://ann:hunter2@store.example/ds?key=hunter3", insecure_http=False)
    assert "hunter" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80"])
def test_plain_http_on_this_machine(host):
    assert checked_url(f"http://{host}/ds", insecure_http=False)


def test_plain_http_to_another_machine_needs_a_flag():
    with pytest.raises(UsageError, match="plain HTTP"):
        checked_url("http://store.example/ds", insecure_http=False)
    assert checked_url("http://store.example/ds", insecure_http=True)


def test_what_is_shown_of_a_url():
    shown = without_secrets("https://ann:hunter2@store.example:81/ds?key=hunter3#x")
    assert shown == "https://store.example:81/ds"
