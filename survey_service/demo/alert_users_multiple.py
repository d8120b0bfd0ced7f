"""The questions of the survey of alert users that take several answers."""

from survey_service.demo.alert_users_single import other, same, say
from survey_service.domain.questionnaire import Choice, Question

critical_message = Question(  # Q5
    name="critical_message",
    type="select_multiple",
    label=say(
        "What, in your view, is a critical message?",
        "À votre avis, qu’est-ce qu’un message critique ?",
        "আপনার মতে কোন বিষয়ের বার্তা জরুরি?",
        "ما الذي تعدّه رسالة حرجة؟",
    ),
    choices=(
        Choice(
            name="actual_threat",
            label=say(
                "An actual threat to life or natural disaster",
                "Une menace réelle pour la vie ou une catastrophe naturelle",
                "জীবনের প্রতি প্রকৃত হুমকি বা প্রাকৃতিক দুর্যোগ",
                "خطر فعلي على الحياة أو كارثة طبيعية",
            ),
        ),
        Choice(
            name="emerging_threat",
            label=say(
                "An emerging threat to life or natural disaster",
                "Une menace naissante pour la vie ou l’approche d’une catastrophe naturelle",
                "জীবনের প্রতি আসন্ন হুমকি বা প্রাকৃতিক দুর্যোগের আশঙ্কা",
                "خطر ناشئ على الحياة أو كارثة طبيعية وشيكة",
            ),
        ),
        Choice(
            name="suspect_item",
            label=say(
                "An alert, such as a suspect vehicle or package",
                "Une alerte, par exemple un véhicule ou un colis suspect",
                "সতর্কতা, যেমন সন্দেহজনক গাড়ি বা প্যাকেট",
                "تنبيه، مثل الاشتباه في مركبة أو طرد",
            ),
        ),
        Choice(
            name="road_closure",
            label=say("A road closure", "Une fermeture de route", "রাস্তা বন্ধ থাকা", "إغلاق طريق"),
        ),
    ),
    list_name="critical_message",
)

critical_purpose = Question(  # Q6
    name="critical_purpose",
    type="select_multiple",
    label=say(
        "What do you expect from a critical message?",
        "Qu’attendez-vous d’un message critique ?",
        "জরুরি বার্তা থেকে আপনি কী আশা করেন?",
        "ماذا تتوقع من الرسالة الحرجة؟",
    ),
    choices=(
        Choice(
            name="act",
            label=say(
                "To be able to act to protect myself and others",
                "Pouvoir agir pour me protéger et protéger les autres",
                "নিজেকে ও অন্যদের রক্ষা করতে ব্যবস্থা নিতে পারা",
                "أن أتمكن من التصرف لحماية نفسي والآخرين",
            ),
        ),
        Choice(
            name="be_informed",
            label=say(
                "To be informed of issues",
                "Savoir ce qui se passe",
                "কী ঘটছে তা জানতে পারা",
                "أن أكون على علم بما يجري",
            ),
        ),
    ),
    list_name="critical_purpose",
)

detail = Question(  # Q7
    name="detail",
    type="select_multiple",
    label=say(
        "What level of detail do you expect?",
        "Quelles précisions attendez-vous ?",
        "বার্তায় আপনি কোন কোন তথ্য আশা করেন?",
        "ما التفاصيل التي تتوقعها؟",
    ),
    choices=(
        Choice(name="time", label=say("Time", "L’heure", "সময়", "الوقت")),
        Choice(name="place", label=say("Location", "Le lieu", "স্থান", "المكان")),
        Choice(
            name="nature",
            label=say("Nature of the incident", "La nature de l’incident", "ঘটনার ধরন", "طبيعة الحادث"),
        ),
        Choice(name="impact", label=say("Impact", "Les conséquences", "প্রভাব", "الأثر")),
        Choice(name="advice", label=say("Advice", "Des conseils", "পরামর্শ", "الإرشادات")),
        Choice(
            name="links",
            label=say(
                "Links to further information",
                "Des liens vers plus d’informations",
                "আরও তথ্যের লিংক",
                "روابط لمزيد من المعلومات",
            ),
        ),
    ),
    list_name="detail",
)

other_updates = Question(  # Q9
    name="other_updates",
    type="select_multiple",
    label=say(
        "If only critical messages were sent by this service, where would you go for other City of London "
        "Police updates?",
        "Si ce service n’envoyait que des messages critiques, où chercheriez-vous les autres nouvelles de la "
        "police de la City de Londres ?",
        "এই পরিষেবায় শুধু জরুরি বার্তা পাঠানো হলে সিটি অফ লন্ডন পুলিশের অন্যান্য খবর আপনি কোথায় খুঁজবেন?",
        "لو اقتصرت هذه الخدمة على الرسائل الحرجة، فأين ستبحث عن أخبار شرطة سيتي لندن الأخرى؟",
    ),
    choices=(
        Choice(name="website", label=say("Website", "Le site web", "ওয়েবসাইট", "الموقع الإلكتروني")),
        Choice(
            name="social_media",
            label=say("Social media", "Les réseaux sociaux", "সামাজিক যোগাযোগ মাধ্যম", "وسائل التواصل الاجتماعي"),
        ),
        Choice(
            name="email",
            label=say(
                "Email updates",
                "Les nouvelles par e-mail",
                "ইমেইলে পাঠানো খবর",
                "الأخبار عبر البريد الإلكتروني",
            ),
        ),
        Choice(
            name="paper",
            label=say("On paper", "Sur papier", "কাগজে ছাপা খবর", "المطبوعات الورقية"),
        ),
    ),
    list_name="other_updates",
)

social_media = Question(  # Q10
    name="social_media",
    type="select_multiple",
    label=say(
        "Which City of London Police social media accounts do you follow?",
        "Quels comptes de la police de la City de Londres suivez-vous sur les réseaux sociaux ?",
        "সামাজিক যোগাযোগ মাধ্যমে সিটি অফ লন্ডন পুলিশের কোন অ্যাকাউন্টগুলো আপনি অনুসরণ করেন?",
        "أي حسابات شرطة سيتي لندن على وسائل التواصل الاجتماعي تتابع؟",
    ),
    hint=say(
        "If you follow none of them, you can tell us why.",
        "Si vous n’en suivez aucun, vous pouvez nous dire pourquoi.",
        "কোনোটি অনুসরণ না করলে তার কারণ আমাদের জানাতে পারেন।",
        "إذا كنت لا تتابع أيًا منها، فيمكنك إخبارنا بالسبب.",
    ),
    choices=(
        Choice(name="twitter", label=same("Twitter")),
        Choice(name="facebook", label=same("Facebook")),
        Choice(name="linkedin", label=same("LinkedIn")),
        Choice(name="youtube", label=same("YouTube")),
        Choice(
            name="none",
            label=say("None of them", "Aucun de ces comptes", "কোনোটিই নয়", "لا أتابع أيًا منها"),
            takes_text=True,
        ),
    ),
    constraint="not(selected(., 'none') and count-selected(.) > 1)",
    constraint_message=say(
        "Select the accounts that you follow, or “None of them”",
        "Sélectionnez les comptes que vous suivez, ou « Aucun de ces comptes »",
        "আপনি যে অ্যাকাউন্টগুলো অনুসরণ করেন সেগুলো বেছে নিন, অথবা “কোনোটিই নয়” বেছে নিন",
        "اختر الحسابات التي تتابعها، أو «لا أتابع أيًا منها»",
    ),
    list_name="social_media",
)

topics = Question(  # Q11
    name="topics",
    type="select_multiple",
    label=say(
        "What topics are most important to you?",
        "Quels sujets sont les plus importants pour vous ?",
        "কোন বিষয়গুলো আপনার কাছে সবচেয়ে গুরুত্বপূর্ণ?",
        "ما الموضوعات الأكثر أهمية لك؟",
    ),
    choices=(
        Choice(
            name="counter_terrorism",
            label=say("Counter terrorism", "La lutte contre le terrorisme", "সন্ত্রাসবাদ দমন", "مكافحة الإرهاب"),
        ),
        Choice(
            name="crime_prevention",
            label=say(
                "Crime prevention",
                "La prévention de la criminalité",
                "অপরাধ প্রতিরোধ",
                "الوقاية من الجريمة",
            ),
        ),
        other,
    ),
    list_name="topics",
)
