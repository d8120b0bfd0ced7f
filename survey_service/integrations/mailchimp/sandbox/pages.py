"""Pages for people: the campaigns of the sandbox, and an issue as each subscriber gets it."""

from html import escape

from survey_service.integrations.mailchimp.sandbox.account import Account
from survey_service.integrations.mailchimp.sandbox.answers import Answer
from survey_service.integrations.mailchimp.sandbox.campaigns import copy_for, find
from survey_service.integrations.mailchimp.sandbox.state import SandboxCampaign, SandboxMember

SHOWN = 40

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:46rem;margin:1.5rem auto;padding:0 1rem;color:#222}}
.note{{background:#fff6d6;border:1px solid #e0c96a;padding:.5rem .8rem}}table{{border-collapse:collapse}}
td,th{{text-align:left;padding:.3rem 1rem .3rem 0;border-bottom:1px solid #ddd}}
iframe{{width:100%;height:34rem;border:1px solid #999;background:#fff}}pre{{white-space:pre-wrap}}</style>
</head><body><p class="note">Mailchimp sandbox: nothing here leaves this machine.</p>
<h1>{title}</h1>{content}</body></html>"""


def show(account: Account, method: str, path: str, form: dict[str, str]) -> tuple[int, str]:
    """Return status and page; a POST to a campaign sends it, as an editor would."""
    parts = [part for part in path.split("/") if part]
    try:
        if not parts:
            return 200, _home(account)
        if parts == ["subscribe"]:
            return 200, _sign_up(account, method, form)
        if parts[0] == "campaigns" and len(parts) == 2:
            if method == "POST":
                account.people.send(parts[1])
                return 303, ""
            return 200, _campaign(account, find(account.sandbox, parts[1]))
        if parts[0] == "campaigns" and len(parts) == 3 and parts[2] in account.sandbox.members:
            return 200, _copy(account, find(account.sandbox, parts[1]), account.sandbox.members[parts[2]])
    except Answer:
        pass  # no such campaign
    return 404, _PAGE.format(title="Not here", content='<p><a href="/">Back to the start</a></p>')


def _sign_up(account: Account, method: str, form: dict[str, str]) -> str:
    """The list's hosted form: the one way in, and a person's own."""
    if method == "POST" and "@" in form.get("EMAIL", ""):
        account.people.subscribe(form["EMAIL"])
        return _PAGE.format(title="Subscription confirmed", content="<p>You get Skyline from now on.</p>")
    fields = '<p><label>E-mail address <input type="email" name="EMAIL" required></label></p>'
    content = f'<form method="post" action="/subscribe">{fields}<button>Subscribe</button></form>'
    return _PAGE.format(title="Subscribe to Skyline", content=content)


def _home(account: Account) -> str:
    with account.sandbox.lock:
        subscribed = sum(one.status == "subscribed" for one in account.sandbox.members.values())
        rows = "".join(
            f'<tr><td><a href="/campaigns/{one.id}">{escape(one.title)}</a></td><td>{one.status}</td>'
            f"<td>{escape(one.send_time)}</td><td>{len(one.sent)}</td></tr>"
            for one in account.sandbox.campaigns.values()
        )
    table = f"<table><tr><th>Issue</th><th>State</th><th>Time</th><th>Sent to</th></tr>{rows}</table>"
    return _PAGE.format(title="Skyline", content=f"<p>{subscribed} subscribed.</p>{table}")


def _campaign(account: Account, campaign: SandboxCampaign) -> str:
    with account.sandbox.lock:
        everybody = account.sandbox.ordered()
        linked = [one for one in everybody if _has_link(campaign, one)]
        others = [one for one in everybody if one.status == "subscribed" and not _has_link(campaign, one)]
    content = f"<p>{escape(campaign.subject)}, {campaign.status} {escape(campaign.send_time)}</p>"
    if campaign.status != "sent":
        content += f'<form method="post" action="/campaigns/{campaign.id}"><button>Send now</button></form>'
    for words, people in (("With a survey link", linked), ("Without", others)):
        listed = "".join(
            f'<li><a href="/campaigns/{campaign.id}/{one.md5}">{escape(one.email)}</a></li>'
            for one in people[:SHOWN]
        )
        content += f"<h2>{words}: {len(people)}</h2><ul>{listed}</ul>"
    return _PAGE.format(title=escape(campaign.title), content=content)


def _has_link(campaign: SandboxCampaign, member: SandboxMember) -> bool:
    if campaign.status == "sent":
        return "/s/" in campaign.sent.get(member.md5, ("", ""))[1]
    return any("/s/" in str(value) for value in member.merge_fields.values())


def _copy(account: Account, campaign: SandboxCampaign, member: SandboxMember) -> str:
    with account.sandbox.lock:
        html, text = campaign.sent.get(member.md5) or copy_for(account.sandbox, campaign, member)
    content = (
        f"<p>As {escape(member.email)} gets it.</p>"
        f'<iframe title="The issue" srcdoc="{escape(html)}"></iframe>'
        f"<h2>Plain text</h2><pre>{escape(text)}</pre>"
        f'<p><a href="/campaigns/{campaign.id}">Other copies</a></p>'
    )
    return _PAGE.format(title=escape(campaign.title), content=content)
