"""What people write who only hint at it: signs of control, a farewell, a plan, as staff are taught them.

English first, then the languages that most answers come in. Each is added to the list of its language.
"""

from survey_service.domain.danger_words.english_welsh import WordLists

HINTS: dict[str, WordLists] = {
    "en": {
        "self_harm": """
            better off without me, when i'm not here any more, won't be here much longer, tired of living,
            tired of life, had enough of life, never wake up, not wake up again, fall asleep and not,
            sleep and never wake, no point any more, no point anymore, don't see the point any more,
            said my goodbyes, written my will, goodbye letter*, farewell letter*, wrote letters to
        """,
        "violence": """
            happens to people who talk, what happens to people who, snitch*, waits outside my,
            waiting outside my, waits for me outside, waits for me after, waits by my car,
            knows where i live, knows where we live, know where you live, knows which school,
            knows my address, who wronged him, who wronged me, will be sorry, you'll be sorry,
            when he has been drinking, when he's been drinking, when he drinks, when he is drunk,
            when she drinks, when dad drinks, when mum drinks, when dad is drunk, his temper, her temper,
            flies into a rage, burned her, burned him, burnt her, burnt him, cigarette burn*, followed home,
            put me in hospital, put her in hospital, put him in hospital, black eye, black eyes, split lip,
            if he can't have me, can't have me nobody, can't have me no one, if i leave him, if i ever leave
        """,
        "abuse": """
            checks my phone, checks her phone, check my phone, checking my phone, goes through my phone,
            goes through her phone, reads my messages, reads all my messages, tracks my phone,
            tracks where i, tracks me, took my phone, takes my phone, taken my phone, took her phone,
            have to ask before i, have to ask him, have to ask permission, need his permission,
            needs his permission, not allowed to work, not allowed a phone, doesn't let her,
            does not let her, doesn't let them, long sleeves, flinch*, cowers, cowering, answers for her,
            answers for him, speaks for her, never comes to the door alone, never leave the house,
            never leaves the house, never goes out alone, girls never leave, women never leave,
            men come and go, men coming and going, men at all hours, comes into my room, came into my room,
            comes into my bed, came into my bed, gets into my bed, comes into her room, keeps my passport,
            keeps her passport, keeps my papers, keeps their papers, hold on to their, holds on to their,
            holds on to my, has my passport, has their passports, took their papers, meet my husband,
            married in the holidays, found me a husband, chosen a husband, send him pictures,
            send him photos, send them pictures, show my parents, naked pictures, naked photos, nudes,
            blackmail*, marks on her, marks on his, marks on my, says she fell, said she fell, says he fell,
            walked into a door, sleep in the cellar, sleeps in the cellar, sleep in the shop, two phones,
            gone for days, owes them money, moved into her flat, moved into his flat, lives in her flat,
            lives in his flat
        """,
        "attack": """
            collects chemicals, collecting chemicals, buying chemicals, stopped talking to anyone,
            hates everyone, school will be sorry, you will all be sorry
        """,
        "danger": """
            don't feel safe when, do not feel safe when, don't feel safe with, do not feel safe with,
            never feel safe with, don't feel safe around, not safe with him, not safe with her, eggshells,
            too scared to, too afraid to, don't tell him, he is listening, he's listening, can't talk now,
            cannot talk now
        """,
    },
    "pl": {
        "self_harm": "po co żyć, nie obudzić się, mam dość życia, zmęczony życiem, zmęczona życiem",
        "violence": "siniak*, podbite oko, wie gdzie mieszkam, czeka na mnie pod",
        "abuse": """
            zabrał mi paszport, zabrali paszport*, sprawdza mój telefon, sprawdza mi telefon,
            nie pozwala mi wychodzić, nie wolno mi wychodzić, mówi że upadła
        """,
        "attack": "zbiera chemikalia",
        "danger": "nie czuję się bezpiecznie w domu, boję się kiedy pije",
    },
    "fr": {
        "self_harm": """
            jamais me réveiller, ne plus me réveiller, m'endormir et ne plus, fatigué de vivre,
            fatiguée de vivre, mieux sans moi
        """,
        "violence": "des bleus, œil au beurre noir, sait où j'habite, m'attend devant, m'attend à la sortie",
        "abuse": """
            surveille mon téléphone, fouille mon téléphone, plus le droit de sortir, pas le droit de sortir,
            m'interdit de, lui interdit de, pris mon passeport, confisqué mon passeport,
            dit qu'elle est tombée, vient dans ma chambre
        """,
        "attack": "stocke des produits chimiques",
        "danger": "peur quand il boit, pas en sécurité chez moi, ne me sens pas en sécurité avec",
    },
    "es": {
        "self_harm": "no despertar, cansado de vivir, cansada de vivir, mejor sin mí",
        "violence": "moretones, moratones, sabe dónde vivo, me espera fuera, ojo morado",
        "abuse": """
            revisa mi móvil, revisa mi teléfono, controla mi teléfono, no me permite salir,
            quitó el pasaporte, dice que se cayó, entra en mi cuarto
        """,
        "attack": "acumula productos químicos",
        "danger": "miedo cuando bebe, no me siento segura con",
    },
    "ar": {
        "self_harm": "لا أستيقظ, تعبت من الحياة, مللت الحياة",
        "violence": "كدمات, كدمة, يعرف أين أسكن, ينتظرني أمام",
        "abuse": "يراقب هاتفي, يفتش هاتفي, لا يتركها تخرج, لا يتركني أخرج, تقول إنها سقطت",
        "attack": "يجمع مواد كيميائية",
        "danger": "أخاف عندما يشرب, لا أشعر بالأمان معه",
    },
    "bn": {
        "self_harm": "আর জাগতে চাই না, জীবনে ক্লান্ত",
        "violence": "কালশিটে, কোথায় থাকি জানে",
        "abuse": """
            পাসপোর্ট নিয়ে, পাসপোর্ট কেড়ে, বাইরে যেতে দেয় না, বের হতে দেয় না, ফোন চেক করে,
            গায়ে সবসময় দাগ, গায়ে দাগ, শরীরে দাগ, পড়ে গেছে বলে
        """,
        "attack": "রাসায়নিক জমা",
        "danger": "তার সাথে নিরাপদ না, নেশা করলে ভয়",
    },
}
