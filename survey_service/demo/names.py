"""Names for people who do not exist: common given and family names, combined at random."""

import random

_given = {
    "en": """Alice Amelia Andrew Anna Ben Catherine Charlotte Daniel David Edward Eleanor Emily Emma George
        Grace Hannah Harry Helen Jack James Jessica John Laura Lucy Mark Martin Mary Michael Oliver Paul
        Peter Rachel Rebecca Richard Robert Ruth Sarah Simon Sophie Stephen Susan Thomas Victoria William""",
    "fr": "Antoine Camille Chantal Claire Denis Elodie Henri Julien Louise Luc Manon Marc Nathalie Remi",
    "bn": "Abdul Anika Arif Farhana Habib Jamal Kamal Nasima Nasrin Rahim Rina Salma Shahida Tariq",
    "ar": "Ahmad Amal Fatima Hassan Huda Ibrahim Khalid Layla Maryam Mustafa Nadia Omar Samir Yasmin",
}
_family = {
    "en": """Adams Allen Baker Barnes Bell Bennett Brown Campbell Carter Clarke Collins Cook Cooper Davies
        Edwards Ellis Evans Fisher Foster Gray Green Griffiths Hall Harris Hill Hughes Jackson Johnson
        Jones King Lewis Marshall Mason Mitchell Moore Morgan Morris Palmer Parker Price Roberts Scott
        Shaw Smith Taylor Thompson Turner Walker Ward Watson White Williams Wood Wright Young""",
    "fr": "Bernard Dubois Durand Fontaine Girard Lambert Laurent Lefebvre Martin Moreau Petit Rousseau",
    "bn": "Ahmed Ali Begum Chowdhury Haque Hossain Islam Khan Khatun Miah Rahman Sarkar Uddin",
    "ar": "Aziz Bakri Darwish Farouk Haddad Hamdan Khoury Mansour Nasser Qasim Saleh Suleiman",
}
_given_names = {language: names.split() for language, names in _given.items()}
_family_names = {language: names.split() for language, names in _family.items()}


def draw_name(rng: random.Random, language: str) -> str:
    """A given and a family name that go with a language, in Latin letters."""
    return f"{rng.choice(_given_names[language])} {rng.choice(_family_names[language])}"
