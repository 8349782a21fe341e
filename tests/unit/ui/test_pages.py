import datetime as dt
import json
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django_guid import clear_guid, set_guid

from ui import errors, history, navigation
from ui.fields import DateField
from ui.forms import error_list, errors_once


@pytest.fixture(autouse=True)
def own_addresses(settings):
    settings.ROOT_URLCONF = "tests.unit.ui.pages_urls"


@pytest.fixture
def menu(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_words", {})
    monkeypatch.setattr(errors, "_refusals", [])
    navigation.register(
        navigation.NavItem("home", "Home", "/", 1),
        navigation.NavItem("trust", lambda user: "Leeds Teaching Hospitals", "/trust/", 2, short="Leeds"),
        navigation.NavItem("rpiws", "RPIWs", "/trust/rpiws/", 3),
        navigation.NavItem("boards", "Boards", "/boards/", 4, visible=lambda user: user.seated),
        navigation.NavItem("partnership", "Partnership", "/partnership/", 5),
    )
    navigation.register_identity(lambda request: "KPO facilitator, Leeds")


def a_request(path="/", *, signed_in=True, seated=False):
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(is_authenticated=signed_in, seated=seated)
    request.csp_nonce = "n0nce"
    request._messages = CookieStorage(request)
    return request


def page(source, context=None, request=None):
    template = engines["jinja2"].from_string(source)
    return BeautifulSoup(template.render(context or {}, request or a_request()), "html.parser")


PAGE = """{% extends "layouts/page.html" %}{% block heading %}Your work{% endblock %}"""


def test_page_has_one_heading_a_title_and_landmarks(menu):
    soup = page(PAGE)
    assert soup.title.text == "Your work: Improvement partnership"
    assert [h.text for h in soup.find_all("h1")] == ["Your work"]
    assert soup.find("main", id="main")
    assert soup.find("a", class_="nhsuk-skip-link")["href"] == "#main"
    assert not soup.find(class_="eyebrow")
    assert not soup.find(class_="side")


def test_every_script_and_style_carries_the_nonce_and_nothing_is_inline(menu):
    soup = page(PAGE)
    for tag in soup.find_all(["script", "style"]):
        assert tag["nonce"] == "n0nce"
    assert not soup.find_all(style=True)
    assert not [tag for tag in soup.find_all() if any(name.startswith("on") for name in tag.attrs)]


def test_menu_marks_the_longest_address_that_fits(menu):
    assert [i.key for i in navigation.menu(a_request("/trust/rpiws/7/")) if i.current] == ["rpiws"]
    assert [i.key for i in navigation.menu(a_request("/elsewhere/")) if i.current] == []
    assert [i.key for i in navigation.menu(a_request("/"), "trust") if i.current] == ["trust"]


def test_menu_shows_what_the_user_may_see(menu):
    assert "boards" not in [i.key for i in navigation.menu(a_request())]
    assert "boards" in [i.key for i in navigation.menu(a_request(seated=True))]
    assert navigation.menu(a_request(signed_in=False)) == []


def test_header_names_the_person_and_signs_out_by_post(menu):
    header = page(PAGE).find("header", class_="nhsuk-header")
    assert "KPO facilitator, Leeds" in header.text
    form = header.find("form", action="/accounts/logout/")
    assert form["method"] == "post"
    assert form.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"]
    assert [s.text for s in header.select(".rest li")] == ["Partnership"]


def test_footnote_of_a_page_replaces_the_usual_one(menu):
    soup = page(
        PAGE
        + '{% block footer %}{% set footnote = "As published." %}{% include "components/footer.html" %}{% endblock %}'
    )
    assert soup.find("footer").text.strip() == "As published."


# Forms ---------------------------------------------------------------------


class Example(forms.Form):
    name = forms.CharField(label="Name of the RPIW", help_text="As the team calls it.")
    week = DateField(label="First day of the week")
    why = forms.CharField(label="Why", required=False, widget=forms.Textarea)
    chosen = forms.ChoiceField(
        label="Chosen", choices=[("t", "Top-down"), ("b", "Bottom-up")], widget=forms.RadioSelect
    )
    rating = forms.ChoiceField(label="CQC rating", choices=[("", "Choose"), ("g", "Good")])
    down = forms.MultipleChoiceField(label="What", choices=[("r", "RPIWs")], widget=forms.CheckboxSelectMultiple)
    interim = forms.BooleanField(label="Interim", required=False)
    count = forms.IntegerField(label="Headcount")
    file = forms.FileField(label="A file", required=False)
    secret = forms.CharField(label="Password", required=False, widget=forms.PasswordInput(attrs={"hx-post": "/read/"}))
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def helper(self):
        helper = FormHelper()
        helper.add_input(Submit("save", "Save"))
        return helper


def drawn(form):
    return page("{{ crispy(form) }}", {"form": form})


def test_every_label_leads_to_its_own_box():
    soup = drawn(Example())
    ids = [one["id"] for one in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    boxes = {one["id"] for one in soup.find_all(["input", "select", "textarea"], id=True)}
    assert {label["for"] for label in soup.find_all("label")} <= boxes


def test_form_draws_every_kind_of_field():
    soup = drawn(Example())
    form = soup.form
    assert form["method"] == "post"
    assert form.has_attr("data-prevent-double-click")
    assert form["enctype"] == "multipart/form-data"
    assert form.find("input", attrs={"name": "csrfmiddlewaretoken"})
    for name in Example().fields:
        assert form.find(attrs={"name": name if name != "week" else "week_day"}), name
    assert form.find("button", attrs={"type": "submit"}).text == "Save"
    assert form.find("label", attrs={"for": "id_why"}).text.strip() == "Why (optional)"
    assert form.find("input", id="id_count")["inputmode"] == "numeric"
    assert form.find("input", id="id_secret")["hx-post"] == "/read/"
    assert form.find("input", id="id_key")["type"] == "hidden"


def test_errors_stand_beside_their_field_and_in_the_summary():
    form = Example({"week_day": "31", "week_month": "2", "week_year": "2021", "chosen": "t"})
    soup = drawn(form)
    name = soup.find("input", id="id_name")
    described = [soup.find(id=i).text.strip() for i in name["aria-describedby"].split()]
    assert described[0] == "As the team calls it."
    assert "Enter name of the RPIW" in described[1]
    links = {a.text: a["href"] for a in soup.select(".nhsuk-error-summary a")}
    assert links["Enter name of the RPIW"] == "#id_name"
    assert links["First day of the week: there is no day 31 in February 2021"] == "#id_week-day"
    assert links["Choose CQC rating"] == "#id_rating"
    for href in links.values():
        assert soup.find(id=href[1:]), href
    assert "nhsuk-input--error" in soup.find(id="id_week-day")["class"]
    assert "nhsuk-input--error" not in soup.find(id="id_week-year")["class"]


def test_summary_stands_once_on_a_page(menu):
    form = Example({})
    soup = page(PAGE + "{% block content %}{{ crispy(form) }}{% endblock %}", {"form": form})
    assert len(soup.select(".nhsuk-error-summary")) == 1
    assert soup.title.text.startswith("Error: ")
    assert errors_once(form) == []


def test_values_typed_are_kept():
    form = Example({"name": "Discharge <script>", "week_month": "Mar", "chosen": "b", "rating": "g", "interim": "on"})
    soup = drawn(form)
    assert soup.find(id="id_name")["value"] == "Discharge <script>"
    assert soup.find(id="id_week-month")["value"] == "Mar"
    assert soup.find("input", value="b").has_attr("checked")
    assert soup.find("option", value="g").has_attr("selected")
    assert soup.find("input", id="id_interim").has_attr("checked")


def test_layout_objects_are_drawn():
    form = Example()
    helper = FormHelper()
    helper.layout = Layout(Fieldset("The week", "name", "week"))
    soup = page("{{ crispy(form, helper) }}", {"form": form, "helper": helper})
    assert soup.find("legend", class_="nhsuk-fieldset__legend--m").text == "The week"


def test_error_list_of_an_unbound_form_is_empty():
    assert error_list(Example()) == error_list(None) == []


# Components ----------------------------------------------------------------


def test_chart_never_stands_alone():
    soup = page(
        '{% from "components/chart.html" import chart %}{% call chart("c", {"data": ["</script>"]}, "Lead time") %}'
        "<table><tr><td>1</td></tr></table>{% endcall %}"
    )
    assert soup.find("details").has_attr("open")
    assert soup.find("details").find("table")
    figure = soup.find("div", id="c-figure")
    assert figure.has_attr("hidden")
    assert json.loads(figure.text) == {"data": ["</script>"]}
    assert soup.find(id="c")["role"] == "img"


def test_freshness_asks_only_with_an_address():
    source = '{% from "components/freshness.html" import freshness %}'
    still = page(source + '{{ freshness("14:32", 18) }}').find(id="freshness")
    assert still["role"] == "status"
    assert not still.has_attr("hx-get")
    assert still.text.split() == ["As", "of", "14:32,", "version", "18"]
    asking = page(source + '{{ freshness("14:32", 18, updating=true, url="/f/", etag="e") }}').find(id="freshness")
    assert asking["hx-trigger"] == "every 5s"
    assert "updating…" in asking.text


def test_history_shows_who_what_and_what_it_was():
    changes = history.differences({"value": 41, "n": 3}, {"value": 14, "n": 3}, {"value": "Reading", "n": "Sample"})
    entry = history.Entry(
        dt.datetime(2021, 3, 10, 16, 5, tzinfo=dt.UTC), "KPO lead, Leeds", "Corrected.", changes, "Slip"
    )
    soup = page('{% from "components/history.html" import history %}{{ history(entries) }}', {"entries": [entry]})
    assert soup.find("del").text == "was 41"
    assert soup.find("ins").text == "now 14"
    assert "KPO lead, Leeds, Wed 10 March" in soup.text


def test_missing_fact_says_so():
    soup = page('{% from "components/facts.html" import facts %}{{ facts([("Local name", none, ("Add", "/add/"))]) }}')
    assert soup.dd.text.strip() == "Not recorded. Add local name"


# Errors and sign-in ----------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "status", "heading"),
    [
        (errors.bad_request, 400, "We could not read that"),
        (errors.not_allowed, 403, "You may not do this"),
        (errors.not_found, 404, "Page not found"),
        (errors.csrf_failure, 403, "This page had been open too long"),
    ],
)
def test_error_pages_say_what_to_do(menu, view, status, heading):
    response = view(a_request(), "why")
    assert response.status_code == status
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.h1.text == heading
    assert soup.select_one("main .panel p").text


def test_who_may_do_nothing_reads_why(menu):
    errors.register_refusal(lambda request: None)
    errors.register_refusal(lambda request: errors.Refusal("Your time is up", "It ended.", "Ask the secretariat."))
    soup = BeautifulSoup(errors.not_allowed(a_request()).content, "html.parser")
    assert soup.h1.text == "Your time is up"
    assert "It ended." in soup.main.text
    assert soup.select_one("main .panel p").text == "Ask the secretariat."


def test_server_error_needs_neither_user_nor_session():
    set_guid("5d1f0c3ab2e94477")
    response = errors.server_error(RequestFactory().get("/"))
    clear_guid()
    assert response.status_code == 500
    assert b"quote this number: <b>5d1f0c3ab2e94477</b>" in response.content


def test_sign_in_is_one_of_our_pages():
    response = Client().get("/accounts/login/")
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.h1.text == "Sign in"
    assert soup.find("input", attrs={"name": "login"})["class"]
    assert soup.find("input", attrs={"name": "password"})["type"] == "password"
    assert "sign up" not in soup.text.lower()
    policy = response["Content-Security-Policy"]
    nonce = soup.find("script")["nonce"]
    assert f"script-src 'nonce-{nonce}'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/"])
def test_entrance_pages_have_our_frame(path):
    soup = BeautifulSoup(Client().get(path).content, "html.parser")
    assert soup.find("header", class_="nhsuk-header")
    assert soup.find("main", id="main").h1.text.strip()


def test_admin_sends_to_the_front_door():
    response = Client().get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_admin_alone_may_load_scripts_by_origin():
    assert "script-src 'self'" in Client().get("/admin/login/")["Content-Security-Policy"]
    assert "script-src 'self'" not in Client().get("/accounts/login/")["Content-Security-Policy"]


def test_django_pages_show_the_jinja_header(menu):
    html = engines["django"].from_string('{% load ui %}{% jinja_partial "components/header.html" nav="trust" %}')
    soup = BeautifulSoup(html.render({}, a_request()), "html.parser")
    assert soup.find("a", attrs={"aria-current": "page"})["href"] == "/trust/"


def test_confirm_page_leads_back(menu):
    context = {"heading": "Close this?", "button": "Close", "back": "/rpiws/1/"}
    soup = BeautifulSoup(render_to_string("components/confirm.html", context, a_request()), "html.parser")
    assert soup.find("a", href="/rpiws/1/").text == "Leave it as it is"
    assert soup.find("main").find("form")["method"] == "post"
