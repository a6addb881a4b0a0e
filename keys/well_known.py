"""Passphrases that every guesser tries first; written without blanks, folded by keys.passphrase."""

from typing import Final

LATIN: Final = frozenset(
    """
    123456 1234567 12345678 123456789 1234567890 12345 1234 123123 111111 000000 121212 654321 666666 696969
    112233 987654321 123321 159753 password password1 passw0rd passphrase qwerty qwertyuiop qwerty123 azerty
    asdfgh asdfghjkl zxcvbnm 1q2w3e4r 1qaz2wsx qazwsx abc123 abcdef abcdefg iloveyou admin administrator root
    login welcome letmein master monkey dragon shadow sunshine princess football baseball superman batman
    trustno1 whatever starwars freedom michael jordan hello secret default changeme changeit test test123 guest
    user access thankyou computer internet samsung google facebook whatsapp telegram family flower summer winter
    spring autumn monday friday january december correcthorsebatterystaple tobeornottobe opensesame syria
    damascus aleppo homs daraa idlib mohammed muhammad mohamed ahmed mahmoud allah allahakbar bismillah
    alhamdulillah inshallah habibi habibti salamalaikum assalamualaikum justice human rights humanrights archive
    testimony witness interview evidence vault
    """.split()  # noqa: SIM905  # as below
)

ARABIC: Final = frozenset(
    """
    كلمةالسر كلمةالمرور سر السر الله اللهاكبر بسمالله بسماللهالرحمنالرحيم الحمدلله سبحانالله لاالهالاالله
    لاالهالااللهمحمدرسولالله انشاءالله ماشاءالله استغفرالله السلامعليكم السلامعليكمورحمةاللهوبركاته
    محمد احمد محمود علي عمر حسن حسين فاطمة مريم خديجة عايشة حبيبي حبيبتي احبك امي ابي سوريا دمشق حلب حمص درعا
    ادلب الشام الحرية حرية العدالة عدالة حقوقالانسان شهادة شاهد مقابلة ارشيف مرحبا صباحالخير مساءالخير
    ابجد ابجدهوز ضصثقف شسيب لالا
    """.split()  # noqa: SIM905  # a wall of quotation marks is hard to read right to left
)

WELL_KNOWN: Final = LATIN | ARABIC
