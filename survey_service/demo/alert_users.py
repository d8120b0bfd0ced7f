"""The survey of alert users as a questionnaire, and the command that writes it as a workbook.

    python -m survey_service.demo.alert_users

writes `alert_users.xlsx` beside this file again; a test holds that the two say the same.

The eleven questions and their options are those of paragraph 2.5.6 of the report, where they are only
summarised, so some wording is ours. Added by us, because the report says that there were more options
without naming them: the industries other than finance and "other" (Q3), and "other" among the topics
(Q11). The reasons for not following an account (Q10) were given in own words, so "none" takes a text.
Q1 is asked of everybody; the other ten make five blocks of two. Q2 and Q3 are for businesses.
The French, Bengali and Arabic are ours and wait for a native reviewer.
"""

from pathlib import Path

from survey_service.demo import alert_users_multiple as multiple
from survey_service.demo import alert_users_single as single
from survey_service.demo.alert_users_single import say
from survey_service.domain.questionnaire import Block, Questionnaire
from survey_service.integrations.xlsform import read_xlsform, write_xlsform

workbook_path = Path(__file__).with_name("alert_users.xlsx")


def build_alert_users() -> Questionnaire:
    """The questionnaire as it is written here."""
    return Questionnaire(
        name="alert_users",
        title=say(
            "Alert messages in the City of London: your views",
            "Messages d’alerte dans la City de Londres : votre avis",
            "সিটি অফ লন্ডনে সতর্কবার্তা: আপনার মতামত",
            "رسائل التنبيه في سيتي لندن: رأيك",
        ),
        default_language="en",
        languages=("en", "fr", "bn", "ar"),
        core=Block(
            name="core",
            label=say("About you", "À propos de vous", "আপনার সম্পর্কে", "نبذة عنك"),
            questions=(single.audience,),
        ),
        blocks=_build_blocks(),
        version="1",
    )


def _build_blocks() -> tuple[Block, ...]:
    return (
        Block(
            name="business",
            label=say("Your business", "Votre entreprise", "আপনার ব্যবসা", "شركتكم"),
            questions=(single.business_size, single.industry),
        ),
        Block(
            name="scope",
            label=say(
                "Which messages you want",
                "Les messages que vous souhaitez",
                "আপনি কোন বার্তা চান",
                "الرسائل التي تريدها",
            ),
            questions=(single.expected_messages, single.location),
        ),
        Block(
            name="critical",
            label=say("Critical messages", "Messages critiques", "জরুরি বার্তা", "الرسائل الحرجة"),
            questions=(multiple.critical_message, multiple.critical_purpose),
        ),
        Block(
            name="content",
            label=say("What messages tell you", "Contenu des messages", "বার্তার বিষয়বস্তু", "مضمون الرسائل"),
            questions=(multiple.detail, multiple.topics),
        ),
        Block(
            name="elsewhere",
            label=say(
                "Other ways to hear from the police",
                "Autres façons de suivre la police",
                "পুলিশের খবর পাওয়ার অন্য উপায়",
                "طرق أخرى لمتابعة أخبار الشرطة",
            ),
            questions=(multiple.other_updates, multiple.social_media),
        ),
    )


def read_alert_users() -> Questionnaire:
    """The questionnaire as the committed workbook has it."""
    return read_xlsform(workbook_path)


def main() -> None:
    workbook_path.write_bytes(write_xlsform(build_alert_users()))


if __name__ == "__main__":
    main()
