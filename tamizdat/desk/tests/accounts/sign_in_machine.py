"""Every order of what can happen at sign-in: two browsers of an owner, and a thief's.

The model beside it says who may work, and knows nothing of how the desk decides that.
"""

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tamizdat.desk.accounts import codes
from tamizdat.desk.accounts.actions.staff import create_user, reset_second_step
from tamizdat.desk.tests.accounts.at_sign_in import PASSKEY, TOTP, Browser
from tamizdat.desk.tests.accounts.authenticator import Device

ADDRESS = "ada@example.org"
STOLEN = "a long and quiet password 0"
OUT, PENDING, IN = "out", "password typed, step not yet taken", "in"
OWNERS = st.sampled_from(["laptop", "phone"])
ALL = st.sampled_from(["laptop", "phone", "thief"])
AT_ONCE = st.sampled_from([(), ("laptop", "thief"), ("laptop", "phone", "thief")])
WRONG = "000000"


@dataclass
class Seat:
    """Where somebody sits, and how far they have come there."""

    browser: Browser
    state: str = OUT
    stepped: bool = False
    old_cookies: list[str] = field(default_factory=list)


class SignIn(RuleBasedStateMachine):
    """The desk, as these three meet it."""

    @initialize(role=st.sampled_from(["editor", "reporter"]), at_once=AT_ONCE)
    def begin(self, role, at_once):
        """Begin with an account that has no second step, and with some who know its password."""
        create_user(ADDRESS, "Ada Holm", STOLEN, role)
        self.must_have_a_step = role == "editor"
        self.seats = {name: Seat(Browser(ADDRESS)) for name in ("laptop", "phone", "thief")}
        self.password, self.passwords = STOLEN, 0
        self.secret, self.passkeys, self.recovery = "", {}, False
        self.period, self.wrong = 50_000_000, 0
        self.real_clock = auth.yield_hotp_counters_from_time
        auth.yield_hotp_counters_from_time = lambda: iter([self.period])
        for name in at_once:
            self.types_password(name)

    def teardown(self):
        if hasattr(self, "real_clock"):
            auth.yield_hotp_counters_from_time = self.real_clock
        User.objects.filter(username=ADDRESS).delete()
        Session.objects.all().delete()

    # The model

    def has_a_step(self):
        return bool(self.secret or self.passkeys)

    def may_change(self, seat):
        """Whether how one signs in can be changed from here."""
        return seat.state == IN and (seat.stepped or not self.has_a_step())

    def may_work(self, seat):
        return self.may_change(seat) and (self.has_a_step() or not self.must_have_a_step)

    def ends_all_but(self, here=None):
        for seat in self.seats.values():
            if seat is not here:
                seat.state, seat.stepped = OUT, False

    def comes_in(self, seat):
        seat.state, seat.stepped = IN, True

    def step_was_added(self, here):
        self.recovery = True
        here.stepped = True
        self.ends_all_but(here)

    def step_was_removed(self, here):
        if not self.has_a_step():
            self.recovery, here.stepped = False, False
        self.ends_all_but(here)

    # What all three do

    def knows(self, name):
        return STOLEN if name == "thief" else self.password

    @rule(name=ALL)
    def types_password(self, name):
        seat = self.seats[name]
        seat.browser.types_password(self.knows(name))
        if seat.state != IN and self.knows(name) == self.password:
            seat.state = PENDING if self.has_a_step() else IN
            seat.stepped = False

    @rule(name=ALL)
    def types_a_wrong_code(self, name):
        seat = self.seats[name]
        seat.browser.types_code(WRONG)
        if seat.state == PENDING:
            self.wrong += 1

    @rule(name=ALL, code=st.sampled_from(["", WRONG]))
    def is_refused_an_app(self, name, code):
        self.seats[name].browser.confirms(self.knows(name))
        self.seats[name].browser.sets_app_up(code)

    @rule(name=ALL)
    def is_refused_a_passkey(self, name):
        browser = self.seats[name].browser
        browser.confirms(self.knows(name))
        browser.adds_passkey(Device(origin="https://elsewhere.example"))

    @rule(path=st.sampled_from([TOTP + "activate/", PASSKEY + "add/"]))
    def thief_is_refused_for_want_of_a_token(self, path):
        assert self.seats["thief"].browser.posts_without_a_token(path) == 403

    @rule(name=ALL)
    def is_refused_another_password(self, name):
        self.seats[name].browser.changes_password("not this one", "what a thief would like 1")

    @rule(name=ALL)
    def signs_out(self, name):
        seat = self.seats[name]
        seat.old_cookies.append(seat.browser.cookie())
        seat.browser.signs_out()
        seat.state, seat.stepped = OUT, False

    @rule(name=ALL)
    def shows_an_old_cookie(self, name):
        for cookie in self.seats[name].old_cookies:
            other = Browser(ADDRESS)
            other.puts_cookie_back(cookie)
            assert not other.reaches("/media/a.txt")

    @rule()
    def thief_makes_recovery_codes_and_removes_what_there_is(self):
        """As far as a password leads: where nothing is set up, nothing is there to take."""
        seat = self.seats["thief"]
        seat.browser.confirms(STOLEN)
        seat.browser.makes_recovery_codes()
        seat.browser.removes_app()
        for number in self.passkeys:
            seat.browser.removes_passkey(number)

    # What only the owner can do

    def shown(self, count=1):
        """What the app shows in the next period, or in the next two."""
        self.period += count
        first = self.period - count + 1
        each = [auth.hotp_value(self.secret, n) for n in range(first, self.period + 1)]
        return "".join(auth.format_hotp_value(value) for value in each)

    @rule(name=OWNERS)
    def types_the_code(self, name):
        seat = self.seats[name]
        if not self.secret:
            return
        seat.browser.types_code(self.shown(1 if self.wrong < codes.ALONE else 2))
        if seat.state == PENDING:
            self.comes_in(seat)

    @rule(name=OWNERS)
    def types_a_recovery_code(self, name):
        seat = self.seats[name]
        kind = Authenticator.Type.RECOVERY_CODES
        held = Authenticator.objects.filter(user__username=ADDRESS, type=kind).first()
        assert (held is not None) == self.recovery
        many = 1 if self.wrong < codes.ALONE else 2
        unused = held.wrap().get_unused_codes()[:many] if held else []
        if len(unused) < many or seat.state != PENDING:
            return
        seat.browser.types_code(" ".join(unused))
        self.comes_in(seat)

    @rule(name=OWNERS)
    def shows_the_passkey(self, name):
        seat = self.seats[name]
        if self.passkeys and seat.state != IN:
            seat.browser.shows_passkey(next(iter(self.passkeys.values())))
            self.comes_in(seat)

    @rule(name=OWNERS)
    def shows_the_passkey_after_the_password(self, name):
        seat = self.seats[name]
        if self.passkeys and seat.state == PENDING:
            seat.browser.shows_passkey_after_the_password(next(iter(self.passkeys.values())))
            self.comes_in(seat)

    @rule(name=OWNERS)
    def sets_an_app_up(self, name):
        seat = self.seats[name]
        seat.browser.confirms(self.password)
        secret = seat.browser.asks_for_an_app()
        if not self.may_change(seat) or self.secret:
            return
        self.secret = secret
        seat.browser.sets_app_up(self.shown())
        self.step_was_added(seat)

    @rule(name=OWNERS)
    def removes_the_app(self, name):
        seat = self.seats[name]
        seat.browser.confirms(self.password)
        seat.browser.removes_app()
        if self.secret and self.may_change(seat):
            self.secret = ""
            self.step_was_removed(seat)

    @rule(name=OWNERS)
    def adds_a_passkey(self, name):
        seat, device = self.seats[name], Device()
        seat.browser.confirms(self.password)
        seat.browser.adds_passkey(device)
        if self.may_change(seat):
            made = Authenticator.objects.filter(user__username=ADDRESS, type="webauthn")
            self.passkeys[made.order_by("pk").last().pk] = device
            self.step_was_added(seat)

    @rule(name=OWNERS)
    def removes_a_passkey(self, name):
        seat = self.seats[name]
        if not self.passkeys:
            return
        number = next(iter(self.passkeys))
        seat.browser.confirms(self.password)
        seat.browser.removes_passkey(number)
        if self.may_change(seat):
            del self.passkeys[number]
            self.step_was_removed(seat)

    @rule(name=OWNERS)
    def makes_recovery_codes(self, name):
        seat = self.seats[name]
        seat.browser.confirms(self.password)
        seat.browser.makes_recovery_codes()
        if self.has_a_step() and self.may_change(seat):
            self.recovery = True
            self.ends_all_but(seat)

    @rule(name=OWNERS)
    def changes_the_password(self, name):
        """From where nothing but the setting up of a step is open, it cannot be changed."""
        seat = self.seats[name]
        self.passwords += 1
        new = f"a long and quiet password {self.passwords}"
        seat.browser.changes_password(self.password, new)
        if self.may_work(seat):
            self.password = new
            self.ends_all_but(seat)

    # What happens elsewhere

    @rule()
    def an_admin_resets_the_step(self):
        reset_second_step(ADDRESS)
        if self.has_a_step():
            self.secret, self.passkeys, self.recovery = "", {}, False
            self.ends_all_but()

    @rule()
    def an_admin_sets_the_password(self):
        self.passwords += 1
        self.password = f"a long and quiet password {self.passwords}"
        user = User.objects.get(username=ADDRESS)
        user.set_password(self.password)
        user.save()
        self.ends_all_but()

    @invariant()
    def whoever_may_works_and_nobody_else(self):
        cache.clear()  # of how often one address signed in: all three sit at the same
        if not hasattr(self, "seats"):
            return
        for name, seat in self.seats.items():
            assert seat.browser.reaches("/media/a.txt") == self.may_work(seat), name
