"""Sentences that the words on danger were measured with before these were added to (docs/safeguarding.md)."""

TELLING = """
I can't take it anymore, nobody would miss me if I was gone
my ex keeps turning up outside my flat and says he will make me pay
there's a guy on the third floor who keeps a gun under his bed
my stepdad touches me at night
Please send someone, he's outside with a hammer
They are going to blow up the station on Friday
I think my neighbour's kid is being starved
someone put a knife to my throat on Fleet Street
my daughter is cutting herself
I've taken a lot of pills
he strangled his girlfriend last night, I heard it
I'm being forced to marry a man in Pakistan
a man exposed himself to me and then grabbed me
the boys on our estate carry blades
I will burn that place to the ground
he locked her in the room and took her passport
I feel suicidal most days
a colleague said he wants to shoot everyone in the office
my mum's carer hits her
I am scared to leave the house because of my husband
someone is following me home from work every day
they threw acid at my cousin
My brother has been talking about becoming a martyr
I've thought about jumping off London Bridge
she told me he raped her
we get death threats through the letterbox
They make the girls work without pay upstairs
he's dealing and he beats anyone who talks
my partner controls all my money and I can't leave
I heard screaming and then a shot
Il m'a dit qu'il allait me tuer
Je pense souvent à en finir
Er hat mich gestern wieder geschlagen
Meine Nachbarin wird von ihrem Mann misshandelt
Mi vecino tiene una pistola y amenaza a todos
Ya no quiero seguir viviendo
ktoś groził mi pistoletem
Mój ojciec znęca się nad matką
آپ میری مدد کریں، وہ مجھے مار ڈالے گا
يريد أن يقتل أخته
আমাকে জোর করে বিয়ে দিতে চায়
soțul mă amenință cu cuțitul
Он сказал, что убьёт нас
他每天晚上打我
Bugün beni bıçakla tehdit etti
मुझे लगता है मैं अपनी जान ले लूँगा
my life isn't worth anything any more
Her boyfriend smashed her face against the wall
There's a young lad being used by a gang to carry drugs
My manager cornered me in the store room and put his hands up my skirt
he told everyone he has bought fertiliser to make a device
an old man in our block hasn't been fed by his son for days
my flatmate says he hears voices telling him to hurt people
I am sleeping in my car because my brother wants me dead
someone has tampered with the gas in our building
a girl in the shop whispered that she cannot go home to her owner
I do not see any way out
two men with machetes chased a boy past our office
my uncle sends me money so that I do not tell what he did to me when I was little
He keeps saying next week everyone will know his name
my wife throws things at me and broke my arm
a woman is locked in the flat above and bangs on the floor
I have stopped eating and want it to be over
they are going to send my sister abroad for a wedding she doesn't want
the security guard pushed me down the stairs
he's filming children in the changing room
Mon voisin garde des explosifs dans sa cave
Ma fille ne veut plus se lever, elle parle de mort
Mein Chef hat mich gegen die Wand gedrückt und angefasst
Bei uns im Haus schreit jede Nacht eine Frau
Un hombre me siguió hasta el portal y me agarró
Mi hija se hace cortes en los brazos
Sąsiad bije żonę i dzieci
Nie widzę sensu życia
ابن عمي يخفي سلاحا في البيت
زوجي حبسني في الغرفة
আমার ভাই বলে সে সবাইকে মেরে ফেলবে
আমি আর বাঁচতে চাই না
O vizinho tem uma arma em casa
Vecinul își bate copiii
Соседа избили до крови
Чоловік погрожує забрати дітей і вбити
我老公拿刀追我
夫が子どもを殴ります
Babam annemi dövüyor
वह मुझे रोज़ पीटता है
وہ مجھے جان سے مار دے گا
Mae fy nghymydog yn curo ei wraig
I think about ending things most nights
a lad showed me a zombie knife by the school gate
my boyfriend grabs me by the neck when he is drunk
Someone has been sending me messages that they will find me and hurt me
our neighbour locks his elderly mother in the kitchen
I was touched by a stranger on the train
he said the market would be a good place for a bomb
I saw a man hit a little girl very hard
my son has joined some very radical people online
the landlord threatens to set the dogs on us
I am so depressed I want to disappear
she has bruises all over her arms and won't say why
a gang has taken over my friend's flat
the chef burns the apprentice with pans
I don't feel safe with my carer
my cousin is fifteen and they are taking her to get married
I might do something stupid tonight
someone pointed a gun at a cyclist
he forces her to sell sex
the manager keeps the workers' documents and does not pay them
Mon frère a une arme et il est très en colère
Er sperrt seine Frau ein
Mi padrastro me toca
Mąż mi grozi
أختي تريد أن تنتحر
সে আমার গায়ে হাত তোলে
Mae e'n fy mwrw bob nos
Мне страшно, он меня убьёт
他威胁要伤害我的孩子
Kardeşimin silahı var
"""

EVERYDAY = """
The new cycle lane on Cheapside is brilliant
Please stop sending texts at 6 in the morning
I'd like to see more women officers
Parking near Barbican is a nightmare
The website is hard to use on my phone
Officers were very professional at the marathon
Shoplifting seems to have gone up
Too many e-scooters on pavements
More CCTV in the underpass please
I feel safe in the City during the day but less at night
The alerts helped me avoid road closures
Could you hold a meeting at lunchtime
I never know which force is in charge
Homeless people need more support
Bike theft is my main concern
It took forty minutes to get through on 101
I was a victim of fraud and nobody called me back
Noise from the bars keeps us awake
Knife crime awareness in schools would be good
Counter terrorism posters are everywhere and feel a bit much
I would prefer email to text
Drunk people shouting at weekends
The security guards at our building share your bulletins
Nothing to add, thanks
Great job, keep it up
I do not trust the police because of stop and search
The training on suspicious packages was excellent
Drones over the river should be checked
Can you publish what you did with last year's answers
Pickpockets on the tube at Bank
Merci pour les informations, c'est très utile
La rue est mal éclairée le soir
Die Nachrichten kommen zu spät
Mehr Fahrradständer wären schön
Me gustaría recibir menos mensajes
La comisaría está muy lejos
Za mało patroli wieczorem
Proszę o wiadomości po polsku
شكرا على المعلومات المفيدة
প্রতিদিন খুব বেশি বার্তা আসে
Mai multă lumină în parc
Спасибо за работу
感谢你们的工作
Mesajlar çok uzun
मुझे हिंदी में संदेश चाहिए
پیغامات اردو میں ہونے چاہئیں
I'd love a map of quiet walking routes
The fire brigade open day was fun
Could you use plain English
My bus was late because of the protest
I work night shifts and cannot attend meetings
The form crashed twice on Safari
A recycling bin would help near St Paul's
I never received the second alert
Community officers know our shop by name
My phone was stolen last year and I got a crime number the same day
Beggars at the cash machine make me uncomfortable
Speeding on Upper Thames Street at weekends
I like the newsletter but it is too long
You could work with the livery companies
More visible patrols in the evening please
The advice about phishing emails was excellent
Why do you ask my age
I'm happy with the service overall
The street lights on Wood Street have been out for weeks
Traffic enforcement seems random
Please do more about hate crime
I would come to a walk with an officer
I have no opinion about drones
Kids on scooters ring doorbells and run
The building site next door starts at 5am
Victims should be kept informed
I use the Skyline newsletter every fortnight
Stop and search should be explained better
Give us a phone number that works
The new station is easy to find
Je préfère recevoir un courriel
Trop de trottinettes sur les trottoirs
Ich wünsche mir mehr Radwege
Der Newsletter ist gut
Más bancos en la plaza
Los agentes son amables
Chodniki są brudne
Dobra praca
الشوارع نظيفة والحمد لله
আলো কম, সন্ধ্যায় হাঁটা কঠিন
Mais transportes à noite
Străzile sunt murdare
Нужны новые скамейки
Дякую за інформацію
自行车道太少
道が暗いです
Otobüs durağı uzak
सड़क पर गड्ढे हैं
سڑک پر روشنی کم ہے
Mae angen mwy o finiau
I'd like a list of contacts for each ward
The new uniforms look smart
Please paint the crossings again
We had a good chat with the officer at the library
I was told to fill in another form
Cars idle outside the school
Better signs at Moorgate would help tourists
The leaflet did not come through our door
Thank you for the dog show
Litter around the market is bad
I work from home so I rarely visit
Street performers are too loud
The response was quick when my car was broken into
I can never find a toilet
Could the alerts be in Portuguese
My office moved last year
I trust our local officers
The crowd at New Year was well managed
Scaffolding blocks the pavement
Maybe send fewer emails
Je n'ai rien à ajouter
Alles bestens
Todo bien, gracias
Nie mam uwag
لا شيء
সব ঠিক আছে
Dim byd i'w ychwanegu
Всё хорошо
没有意见
Teşekkürler
"""
