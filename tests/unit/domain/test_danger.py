"""What is put before an officer: sentences as people write them, in every language of the pages."""

import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.danger import KINDS, RULE_VERSION, find_danger, normalise
from survey_service.domain.danger_words import WORDS
from survey_service.domain.danger_words.everyday import EVERYDAY
from survey_service.i18n.locales import KNOWN_LOCALES
from tests.unit.domain import danger_measured, danger_sentences

FINGERPRINTS = {"2026-11": "acda5a6e4259", "2026-11b": "f47bb0715ab4", "2026-11c": "8bf4b83933dc"}
"""Each version of the rule with the fingerprint of its words. Edited them? Then it is a new version."""

TELLING = {
    "en": [
        "My husband beats me every weekend and nobody does anything",
        "some days I want to end my life",
        "The man at number 12 has a knife and says he will use it",
        "They are planning an attack on the market",
        "I am scared to go home, please help me",
        "she was raped near the station last month",
        "my neighbour keeps threatening us",
    ],
    "cy": [
        "Mae fy ngŵr yn bygwth fy lladd", "Rwyf eisiau marw", "mae bom yn y farchnad",
        "Mae rhywun yn cam-drin y plant drws nesaf", "Dw i mewn perygl",
    ],
    "fr": [
        "Mon mari me frappe tous les soirs", "je veux mourir", "Il a un couteau et me menace",
        "J’ai été violée près de la gare", "une bombe dans le métro", "J'ai peur de rentrer chez moi",
    ],
    "pl": [
        "Mąż mnie bije i grozi mi nożem", "nie chcę żyć", "zostałam zgwałcona", "Ktoś podłożył bombę",
        "Boję się wracać do domu", "chce mnie zabić",
    ],
    "bn": [
        "আমার স্বামী আমাকে মারধর করে", "আমি মরতে চাই", "সে আমাকে মেরে ফেলার হুমকি দিয়েছে",
        "মেয়েটিকে ধর্ষণ করা হয়েছে", "ওখানে বোমা আছে",
    ],
    "ar": [
        "زوجي يضربني كل يوم", "أريد أن أموت", "هددني بالقتل", "وسيقتلني إذا عرف", "تعرضت للاغتصاب",
        "وضعوا قنبلة في السوق", "أَخَافُ مِنْ زَوْجِي",
    ],
    "bg": ["Мъжът ми ме бие", "искам да умра", "заплашва ме с нож"],
    "zh_Hans": ["我想自杀", "他威胁我说要杀了我", "邻居家暴很严重"],
    "zh_Hant": ["我想自殺", "佢拿刀威脅我", "有人放炸彈"],
    "nl": ["Mijn man slaat mij", "ik wil dood", "hij bedreigt ons met een mes"],
    "fa": ["شوهرم مرا کتک می‌زند", "می‌خواهم بمیرم", "تهدید به قتل کرده", "چاقو دارد"],
    "de": ["Mein Mann schlägt mich", "ich will sterben", "Er hat gedroht, mich umzubringen, er bedroht alle"],
    "el": ["Ο άντρας μου με χτυπάει", "θέλω να πεθάνω", "απειλεί να με σκοτώσει"],
    "gu": ["મારો પતિ મને મારે છે", "તેણે મારી નાખવાની ધમકી આપી", "મારે આત્મહત્યા કરવી છે"],
    "hi": ["मेरा पति मुझे मारता है", "मैं मरना चाहता हूँ", "जान से मारने की धमकी दी"],
    "it": ["Mio marito mi picchia", "voglio morire", "ha un coltello e mi minaccia"],
    "ja": ["夫に殴られています", "死にたいです", "殺すと脅されました"],
    "lt": ["Vyras muša mane", "noriu mirti", "grasina mane nužudyti"],
    "pa": ["ਉਹ ਮੈਨੂੰ ਮਾਰਦਾ ਹੈ", "ਮੈਂ ਮਰਨਾ ਚਾਹੁੰਦਾ ਹਾਂ", "ਕਤਲ ਦੀ ਧਮਕੀ ਦਿੱਤੀ"],
    "pt": ["O meu marido bate-me", "quero morrer", "ele ameaçou matar-me com uma faca"],
    "ro": ["Soțul meu mă bate", "vreau să mor", "m-a amenințat cu moartea"],
    "ru": ["Муж бьёт меня", "не хочу жить", "он угрожает меня убить"],
    "so": ["Ninkaygu wuu i garaacaa", "wuxuu iigu hanjabay", "Qarax baa ka dhacay"],
    "es": ["Mi marido me pega", "quiero morir", "me amenazó con un cuchillo"],
    "ta": ["என் கணவர் என்னை அடிக்கிறார்", "தற்கொலை செய்ய நினைக்கிறேன்", "கொலை மிரட்டல் வந்தது"],
    "tr": ["Kocam beni dövüyor", "ölmek istiyorum", "beni öldürmekle tehdit etti", "BENİ ÖLDÜRECEK"],
    "uk": ["Чоловік б’є мене", "не хочу жити", "погрожує мене вбити"],
    "ur": ["میرا شوہر مجھے مارتا ہے", "میں مرنا چاہتا ہوں", "جان سے مارنے کی دھمکی دی"],
}  # fmt: skip

HARMLESS = {
    "en": [
        "More officers on the street at night would help.", "The alerts are useful but too long.",
        "Please fix the lights in the alley behind the station.", "I did not know who to contact.",
        "Knife crime is mentioned too often in the news.", "The staff were kind and took time to listen.",
        "Traffic is a danger to cyclists at the junction.", "I would like a reply to my e-mail.",
    ],
    "cy": ["Mwy o swyddogion ar y stryd, os gwelwch yn dda.", "Mae'r negeseuon yn rhy hir."],
    "fr": ["Plus de policiers dans la rue la nuit.", "Les messages sont utiles mais trop longs."],
    "pl": ["Więcej policjantów na ulicach wieczorem.", "Wiadomości są przydatne, ale za długie."],
    "bn": ["রাতে রাস্তায় আরও পুলিশ দরকার।", "বার্তাগুলি কাজের কিন্তু খুব দীর্ঘ।"],
    "ar": ["نريد المزيد من رجال الشرطة في الشارع ليلا.", "الرسائل مفيدة لكنها طويلة."],
    "bg": ["Повече полицаи по улиците вечер.", "Съобщенията са полезни, но дълги."],
    "zh_Hans": ["晚上街上应该有更多警察。", "信息有用，但太长了。"],
    "zh_Hant": ["晚上街上應該有更多警察。", "訊息有用，但太長了。"],
    "nl": ["Meer agenten op straat in de avond.", "De berichten zijn nuttig maar te lang."],
    "fa": ["شب‌ها پلیس بیشتری در خیابان لازم است.", "پیام‌ها مفید ولی طولانی هستند."],
    "de": ["Mehr Polizei auf der Straße, bitte. Ich will die Meldungen kürzer.", "Die Leute waren nett."],
    "el": ["Περισσότεροι αστυνομικοί στους δρόμους.", "Τα μηνύματα είναι χρήσιμα."],
    "gu": ["રાત્રે રસ્તા પર વધુ પોલીસ જોઈએ.", "સંદેશા ઉપયોગી છે પણ લાંબા છે."],
    "hi": ["रात में सड़क पर और पुलिस चाहिए।", "संदेश उपयोगी हैं लेकिन लंबे हैं।"],
    "it": ["Più agenti per strada la sera.", "I messaggi sono utili ma troppo lunghi."],
    "ja": ["夜の街にもっと警察官がいるといいです。", "お知らせは役に立ちますが長いです。"],
    "lt": ["Daugiau pareigūnų gatvėse vakare.", "Žinutės naudingos, bet ilgos."],
    "pa": ["ਰਾਤ ਨੂੰ ਸੜਕ ਤੇ ਹੋਰ ਪੁਲਿਸ ਚਾਹੀਦੀ ਹੈ।", "ਸੁਨੇਹੇ ਲਾਭਦਾਇਕ ਹਨ।"],
    "pt": ["Mais polícia na rua à noite.", "As mensagens são úteis mas longas."],
    "ro": ["Mai mulți polițiști pe stradă seara.", "Mesajele sunt utile, dar lungi."],
    "ru": ["Больше полицейских на улицах вечером.", "Сообщения полезные, но длинные."],
    "so": ["Booliis badan ayaa loo baahan yahay habeenkii.", "Fariimuhu way dheer yihiin."],
    "es": ["Más policías en la calle por la noche.", "Los mensajes son útiles pero largos."],
    "ta": ["இரவில் தெருவில் அதிக காவலர்கள் வேண்டும்.", "செய்திகள் பயனுள்ளவை."],
    "tr": ["Geceleri sokakta daha fazla polis olsun.", "Türkçe dil desteği iyi, katılmak isterim."],
    "uk": ["Більше поліції на вулицях увечері.", "Повідомлення корисні, але довгі."],
    "ur": ["رات کو سڑک پر زیادہ پولیس چاہیے۔", "پیغامات مفید ہیں مگر لمبے ہیں۔"],
}  # fmt: skip


@pytest.mark.parametrize(
    "text", [text for texts in TELLING.values() for text in texts], ids=lambda text: text[:30]
)
def test_a_text_that_tells_of_danger_is_found(text: str) -> None:
    assert find_danger(text)


@pytest.mark.parametrize(
    "text", [text for texts in HARMLESS.values() for text in texts], ids=lambda text: text[:30]
)
def test_an_everyday_text_of_any_language_is_left_alone(text: str) -> None:
    assert find_danger(text) == ()


def test_sentences_it_was_measured_with_stay_as_they_are() -> None:
    missed = [text for text in danger_sentences.TELLING.strip().splitlines() if not find_danger(text)]
    flagged = [text for text in danger_sentences.EVERYDAY.strip().splitlines() if find_danger(text)]
    assert (missed, flagged) == ([], [])


@pytest.mark.parametrize(
    ("half", "hinted", "direct", "harmless"), [(0, 29, 17, 0), (1, 5, 15, 18)], ids=["open", "held out"]
)
def test_what_the_documentation_says_was_measured(half: int, hinted: int, direct: int, harmless: int) -> None:
    """Numbers of docs/safeguarding.md, the sentences held out included: found, found, flagged for nothing."""
    lists = (danger_measured.HINTED, danger_measured.DIRECT, danger_measured.HARMLESS)
    found = [sum(bool(find_danger(line)) for line in one.strip().splitlines()[half::2]) for one in lists]
    assert found == [hinted, direct, harmless]


def test_every_language_of_the_pages_has_words_and_sentences() -> None:
    for lists in (WORDS, TELLING, HARMLESS):
        assert set(KNOWN_LOCALES) <= set(lists)
    for language, lists in WORDS.items():
        assert set(lists) == set(KINDS), language


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("He will kill me", ("violence",)),
        ("nobody was killed, thank God", ("violence",)),
        ("I do NOT want to die", ("self_harm",)),
        ("he will K.I.L.L me", ("violence",)),
        ("k1ll h1m", ("violence",)),
        ("killlll", ("violence",)),
        ("suiiicide", ("self_harm",)),
        ("SUICIDE", ("self_harm",)),
        ("my life is\n\nat  risk", ("danger",)),
        ("don’t want to live", ("self_harm",)),
        ("skill, stable and therapist", ()),
        ("the music in the museum must stop", ()),
        ("my job is killing me", ()),
        ("my job is killing me and he is killing me", ("violence",)),
        ("my boss at work says he will kill me", ("violence",)),
        ("he works all day and then kills us all", ("violence",)),
        ("", ()),
        ("…!?", ()),
    ],
)
def test_how_texts_are_read(text: str, kinds: tuple[str, ...]) -> None:
    assert find_danger(text) == kinds


@given(st.text(max_size=300))
def test_no_text_upsets_it_and_normalising_twice_changes_nothing(text: str) -> None:
    assert set(find_danger(text)) <= set(KINDS)
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_written_around_it_hides_nothing(before: str, after: str) -> None:
    assert "violence" in find_danger(f"{before}\nmurder\n{after}")


def test_edited_words_are_a_new_version_of_the_rule() -> None:
    words = re.sub(
        r"\s+", " ", repr(sorted((language, sorted(lists.items())) for language, lists in WORDS.items()))
    )
    assert FINGERPRINTS[RULE_VERSION] == sha256((words + EVERYDAY).encode()).hexdigest()[:12]
