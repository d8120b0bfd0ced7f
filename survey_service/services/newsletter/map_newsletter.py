"""What the list's fields mean: what staff can choose from, what a choice would do, and the choice itself."""

from collections import Counter
from datetime import datetime

import msgspec

from survey_service.db import audit_event, cell, newsletter_connection
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.domain.newsletter_mapping import Mapping, fold, map_member
from survey_service.domain.roles import check_may
from survey_service.integrations.mailchimp.port import Interest, Member, MergeField
from survey_service.services.contacts.contact_rows import KNOWN_AUDIENCES
from survey_service.services.newsletter.newsletter_client import CONNECT, get_connection, look_at_newsletter
from survey_service.services.newsletter.offered_fields import ask_offered, recall_offered
from survey_service.settings import Settings

SHOWN = 10
MOST_VALUES = 30


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the list offers, and what the register knows."""

    fields: list[MergeField]
    interests: list[Interest]
    permissions: dict[str, str]
    problem: str = ""
    """Why Mailchimp cannot be asked now; then this is what it said before, at `offered_at`, and no member."""
    hint: str = ""
    offered_at: datetime | None = None
    has_our_field: bool = True
    audiences: list[str]
    mapping: Mapping
    members: list[Member]
    """Some of those who changed longest ago: what a preview is made of."""

    def values_of(self, tag: str) -> list[tuple[str, int]]:
        """Return the values of a field, folded, with how many of the members looked at say each."""
        said = Counter(fold(one.merge_fields.get(tag, "")) for one in self.members)
        return [(value, count) for value, count in said.most_common(MOST_VALUES) if value]


class PreviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """One member in the register's words; by number, without name or address."""

    web_id: int
    status: str
    audience: str
    language: str
    topics: tuple[str, ...]
    problem: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a mapping makes of the members looked at."""

    looked_at: int
    by_audience: dict[str, int]
    by_language: dict[str, int]
    consenting: int
    with_signals: int
    problems: dict[str, int]
    lines: list[PreviewLine]


async def read_choices(staff: StaffMember, settings: Settings) -> Choices:
    """Ask Mailchimp for fields, interests, permissions and a page of members; else what it said before."""
    check_may(staff.role, "plan")
    found = await newsletter_connection.find_connection()
    if found is None:
        raise Conflict("The newsletter is not connected.", hint=CONNECT)
    at, problem, hint, has_ours = None, "", "", True
    members: list[Member] = []
    try:
        if found.state != "ok":
            raise Conflict(f"The connection is stopped. {found.state_reason}", hint=CONNECT)
        async with look_at_newsletter(found, settings) as client:
            offered, has_ours = await ask_offered(client, found)
            members = (await client.list_members()).members
    except SurveyServiceError as refused:
        problem, hint = refused.message, refused.hint or ""
        offered, at = await recall_offered(found)
    known = {one.key.partition("|")[0] for one in await cell.list_cells()}
    return Choices(
        fields=offered.fields,
        interests=offered.interests,
        permissions=offered.permissions,
        problem=problem,
        hint=hint,
        offered_at=at,
        has_our_field=has_ours,
        audiences=sorted({*KNOWN_AUDIENCES, *known}),
        mapping=found.mapping,
        members=members,
    )


def preview_mapping(choices: Choices, mapping: Mapping) -> Preview:
    """Say what a mapping would make of the members looked at."""
    mapped = [
        (
            one,
            map_member(
                mapping,
                fields=one.merge_fields,
                language=one.language,
                ticked=frozenset(
                    [name for name, is_ticked in one.interests.items() if is_ticked]
                    + [p.marketing_permission_id for p in one.marketing_permissions if p.enabled]
                ),
            ),
        )
        for one in choices.members
    ]
    return Preview(
        looked_at=len(mapped),
        by_audience=dict(Counter(said.audience for _, said in mapped)),
        by_language=dict(Counter(said.language for _, said in mapped)),
        consenting=sum(said.consents_to_surveys for _, said in mapped),
        with_signals=sum(said.consents_to_signals for _, said in mapped),
        problems=dict(Counter(said.problem for _, said in mapped if said.problem)),
        lines=[
            PreviewLine(
                web_id=one.web_id, status=one.status, audience=said.audience, language=said.language,
                topics=said.topics, problem=said.problem,
            )
            for one, said in mapped[:SHOWN]
        ],
    )  # fmt: skip


async def save_mapping(staff: StaffMember, mapping: Mapping) -> None:
    """Take a mapping into use; the next pull looks at everybody again."""
    check_may(staff.role, "govern")
    found = await get_connection()
    await newsletter_connection.set_mapping(found.id, mapping)
    await audit_event.add_audit_event(
        staff=staff.id, action="newsletter.mapping", object_kind="newsletter", object_id=str(found.id)
    )
