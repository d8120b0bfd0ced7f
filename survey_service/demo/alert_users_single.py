"""The questions of the survey of alert users that take one answer, in English, French, Bengali and Arabic."""

from survey_service.domain.questionnaire import Choice, Question, Texts


def say(en: str, fr: str, bn: str, ar: str) -> Texts:
    return {"en": en, "fr": fr, "bn": bn, "ar": ar}


def same(text: str) -> Texts:
    return say(text, text, text, text)


other = Choice(
    name="other",
    label=say(
        "Other – please say",
        "Autre – veuillez préciser",
        "অন্যান্য – অনুগ্রহ করে লিখুন",
        "غير ذلك – يرجى التوضيح",
    ),
    takes_text=True,
)

audience = Question(  # Q1
    name="audience",
    type="select_one",
    label=say(
        "Are you a business, a resident, someone who works in the City, or a visitor?",
        "Répondez-vous au nom d’une entreprise, ou bien habitez-vous, travaillez-vous ou êtes-vous en "
        "visite dans la City ?",
        "আপনি কি কোনো ব্যবসা প্রতিষ্ঠানের পক্ষে উত্তর দিচ্ছেন, নাকি আপনি সিটির বাসিন্দা, এখানে কর্মরত, অথবা দর্শনার্থী?",
        "هل تجيب نيابةً عن شركة، أم أنك من سكان السيتي أو العاملين فيه أو زواره؟",
    ),
    choices=(
        Choice(name="business", label=say("A business", "Une entreprise", "ব্যবসা প্রতিষ্ঠান", "شركة")),
        Choice(
            name="worker",
            label=say(
                "I work in the City", "Je travaille dans la City", "আমি সিটিতে কাজ করি", "أعمل في السيتي"
            ),
        ),
        Choice(
            name="resident",
            label=say("I live in the City", "J’habite dans la City", "আমি সিটিতে থাকি", "أسكن في السيتي"),
        ),
        Choice(
            name="visitor",
            label=say(
                "I am visiting the City",
                "Je suis en visite dans la City",
                "আমি সিটিতে বেড়াতে এসেছি",
                "أزور السيتي",
            ),
        ),
    ),
    is_required=True,
    required_message=say(
        "Select what describes you",
        "Sélectionnez ce qui vous correspond",
        "কোনটি আপনার ক্ষেত্রে প্রযোজ্য তা বেছে নিন",
        "اختر ما ينطبق عليك",
    ),
    list_name="audience",
)

business_size = Question(  # Q2
    name="business_size",
    type="select_one",
    label=say(
        "What type of business is it?",
        "De quel type d’entreprise s’agit-il ?",
        "আপনার প্রতিষ্ঠানটি কোন ধরনের?",
        "ما نوع شركتكم؟",
    ),
    choices=(
        Choice(
            name="large",
            label=say("Large enterprise", "Grande entreprise", "বড় প্রতিষ্ঠান", "شركة كبيرة"),
        ),
        Choice(
            name="sme",
            label=say(
                "Small or medium-sized enterprise",
                "Petite ou moyenne entreprise",
                "ক্ষুদ্র বা মাঝারি প্রতিষ্ঠান",
                "شركة صغيرة أو متوسطة",
            ),
        ),
        Choice(
            name="sole_trader",
            label=say(
                "Sole trader or small business",
                "Travailleur indépendant ou très petite entreprise",
                "একক মালিকানাধীন বা ছোট ব্যবসা",
                "عمل فردي أو مشروع صغير",
            ),
        ),
    ),
    relevant="${audience} = 'business'",
    list_name="business_size",
)

industry = Question(  # Q3
    name="industry",
    type="select_one",
    label=say(
        "Which industry is your business in?",
        "Quel est le secteur d’activité de votre entreprise ?",
        "আপনার ব্যবসা কোন খাতের?",
        "في أي قطاع تعمل شركتكم؟",
    ),
    choices=(
        Choice(name="finance", label=say("Finance", "Finance", "অর্থ ও ব্যাংকিং", "المال والمصارف")),
        Choice(name="insurance", label=say("Insurance", "Assurance", "বীমা", "التأمين")),
        Choice(
            name="legal",
            label=say("Legal services", "Services juridiques", "আইনি সেবা", "الخدمات القانونية"),
        ),
        Choice(
            name="property",
            label=say(
                "Property and building management",
                "Immobilier et gestion d’immeubles",
                "সম্পত্তি ও ভবন ব্যবস্থাপনা",
                "العقارات وإدارة المباني",
            ),
        ),
        Choice(
            name="hospitality",
            label=say(
                "Shops, hotels and restaurants",
                "Commerces, hôtels et restaurants",
                "দোকান, হোটেল ও রেস্তোরাঁ",
                "المتاجر والفنادق والمطاعم",
            ),
        ),
        Choice(name="technology", label=say("Technology", "Technologie", "প্রযুক্তি", "التقنية")),
        other,
    ),
    relevant="${audience} = 'business'",
    list_name="industry",
)

expected_messages = Question(  # Q4
    name="expected_messages",
    type="select_one",
    label=say(
        "What types of message do you expect to receive from this service?",
        "Quels types de messages attendez-vous de ce service ?",
        "এই পরিষেবা থেকে আপনি কোন ধরনের বার্তা আশা করেন?",
        "ما أنواع الرسائل التي تتوقعها من هذه الخدمة؟",
    ),
    choices=(
        Choice(
            name="critical_only",
            label=say(
                "Critical information about major incidents only",
                "Uniquement les informations critiques sur les incidents majeurs",
                "শুধু বড় ঘটনার জরুরি তথ্য",
                "المعلومات الحرجة عن الحوادث الكبرى فقط",
            ),
        ),
        Choice(
            name="police_information",
            label=say(
                "Critical and other police information, such as major incidents, road closures and crime",
                "Les informations critiques et les autres informations de la police, par exemple les "
                "incidents majeurs, les fermetures de routes et la criminalité",
                "জরুরি তথ্য ও পুলিশের অন্যান্য তথ্য, যেমন বড় ঘটনা, রাস্তা বন্ধ ও অপরাধের খবর",
                "المعلومات الحرجة ومعلومات الشرطة الأخرى، مثل الحوادث الكبرى وإغلاق الطرق والجرائم",
            ),
        ),
        Choice(
            name="awareness",
            label=say(
                "All of these and awareness messages, such as crime prevention, events and campaigns",
                "Tout cela et des messages de sensibilisation, par exemple sur la prévention, les "
                "événements et les campagnes",
                "এই সবকিছু এবং সচেতনতামূলক বার্তা, যেমন অপরাধ প্রতিরোধ, অনুষ্ঠান ও প্রচারাভিযান",
                "كل ما سبق مع رسائل التوعية، مثل الوقاية من الجريمة والفعاليات والحملات",
            ),
        ),
    ),
    list_name="expected_messages",
)

location = Question(  # Q8
    name="location",
    type="select_one",
    label=say(
        "Do you expect messages to be specific to your location?",
        "Attendez-vous des messages propres à l’endroit où vous êtes ?",
        "আপনি কি আশা করেন যে বার্তাগুলো শুধু আপনার এলাকার বিষয়ে হবে?",
        "هل تتوقع أن تكون الرسائل خاصة بموقعك؟",
    ),
    choices=(
        Choice(
            name="own_location",
            label=say(
                "Yes, only messages about my location",
                "Oui, seulement les messages qui concernent cet endroit",
                "হ্যাঁ, শুধু আমার এলাকার বার্তা",
                "نعم، الرسائل المتعلقة بموقعي فقط",
            ),
        ),
        Choice(
            name="any_location",
            label=say(
                "No, also critical messages about other places",
                "Non, aussi les messages critiques qui concernent d’autres endroits",
                "না, অন্য এলাকার জরুরি বার্তাও",
                "لا، بل الرسائل الحرجة عن أماكن أخرى أيضًا",
            ),
        ),
    ),
    list_name="location",
)
