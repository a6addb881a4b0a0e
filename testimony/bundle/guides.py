"""HOW-TO-VERIFY: how to check a bundle with stock tools, in English and Arabic (docs/format/bundle-v1.md, 3.5).

Every line that starts with four blanks and a dollar sign is a command; a test runs them as printed.
"""

from typing import Final

_COMMANDS: Final = {
    "open": (
        "age -d -i identity.txt -o bundle.tar {file}",
        "mkdir bag",
        "tar -xf bundle.tar -C bag",
        "cd bag",
    ),
    "digests": (
        "sha256sum --quiet -c manifest-sha256.txt",
        "sha256sum --quiet -c tagmanifest-sha256.txt",
        'grep -q "^manifest: $(sha256sum < manifest-sha256.txt | cut -c1-64)$" bundle.txt',
        'grep -q "^guide: HOW-TO-VERIFY.txt $(sha256sum < HOW-TO-VERIFY.txt | cut -c1-64)$" bundle.txt',
    ),
    "seal": (
        "ssh-keygen -Y verify -f allowed_signers -I {signer} -n bundle@testimony-vault -s bundle.txt.sig < bundle.txt",
    ),
    "heads": (
        (
            "for head in data/records/*.head; do ssh-keygen -Y verify -f allowed_signers -I {signer}"
            ' -n record@testimony-vault -s "$head.sig" < "$head" || exit 1; done'
        ),
        (
            "for head in data/records/*.head; do"
            ' grep -q " $(sha256sum < "$head" | cut -c1-64)$" bundle.txt || exit 1; done'
        ),
    ),
    "hybrid": (
        (
            "ssh-keygen -Y verify -f allowed_signers.pq -I {signer} -n bundle@testimony-vault"
            " -s bundle.txt.pq.sig < bundle.txt"
        ),
        (
            "for head in data/records/*.head; do ssh-keygen -Y verify -f allowed_signers.pq -I {signer}"
            ' -n record@testimony-vault -s "$head.pq.sig" < "$head" || exit 1; done'
        ),
    ),
}

_ENGLISH: Final = """\
HOW TO VERIFY THIS BUNDLE WITHOUT ITS MAKERS' SOFTWARE

You need three programs that anyone can get: age 1.3 or newer (https://age-encryption.org; the npm package
age-encryption 0.3 or newer opens the same files), tar with sha256sum, and OpenSSH (ssh-keygen).
Lines that begin with a dollar sign are commands for a POSIX shell. identity.txt is your own secret key file.

1. Open the sealed file and unpack it.
{open}
   age refuses a file of which a single byte was changed, and a file that was not sealed to you.

2. Check every digest, and that the signed statement names these digests and this guide.
{digests}
   The file "padding" is in no manifest: it is zeros that hide the true length.

3. Check the seal over the statement, bundle.txt. Then read bundle.txt: for whom the bundle was sealed, for what
   purpose, by whom, how many records it holds and how many were withheld.
{seal}

4. Check the recorder's signature on the head of every record, and that the statement names these heads.
{heads}

5. The second signature, by a key that resists quantum computers. This step needs OpenSSH 10.4 or newer.
{hybrid}

WHOSE KEY IS IT?
The keys in allowed_signers came inside this bundle. With them alone you learn that the bundle is consistent with
itself, not who made it. Ask the organisation that handed it over, by another way (in person, on paper, by telephone),
for the forty digits of its signing device, and compare them with these, which stand in bundle.txt too:

    {fingerprint}

The forty digits cover all three public keys in signer.card. Use "testimony-verify --trust FILE" with a file
that holds them, to check the digits, the redactions, the consent and the custody log as well.

WHAT THIS DOES NOT PROVE
That what was said is true; that the clock of the device was right; that no later entry was made in the custody log;
that nobody was forced to seal it.
"""

_ARABIC: Final = """\
كيف تتحقق من هذه الحزمة دون برنامج صانعيها

تحتاج إلى ثلاثة برامج متاحة للجميع: age من الإصدار 1.3 أو أحدث (https://age-encryption.org، وحزمة npm المسماة
age-encryption من الإصدار 0.3 أو أحدث تفتح الملفات نفسها)، وtar مع sha256sum، وOpenSSH (ssh-keygen).
السطور التي تبدأ بعلامة الدولار أوامر لصدفة POSIX. الملف identity.txt هو ملف مفتاحك السري.

1. افتح الملف المختوم وفكّه.
{open}
   يرفض age ملفاً تغيّر فيه بايت واحد، وملفاً لم يُختم لك.

2. تحقق من كل بصمة رقمية، ومن أن البيان الموقَّع يسمّي هذه البصمات وهذا الدليل.
{digests}
   الملف padding ليس في أي قائمة: هو أصفار تخفي الطول الحقيقي.

3. تحقق من الختم على البيان bundle.txt. ثم اقرأ bundle.txt: لمن خُتمت الحزمة، ولأي غرض، ومن ختمها،
   وكم سجلاً فيها وكم سجلاً حُجب.
{seal}

4. تحقق من توقيع المسجِّل على رأس كل سجل، ومن أن البيان يسمّي هذه الرؤوس.
{heads}

5. التوقيع الثاني بمفتاح يصمد أمام الحواسيب الكمومية. تحتاج هذه الخطوة إلى OpenSSH 10.4 أو أحدث.
{hybrid}

مفتاح مَن هذا؟
المفاتيح في allowed_signers جاءت داخل هذه الحزمة. بها وحدها تعرف أن الحزمة متسقة مع نفسها، لا من صنعها. اطلب من
المنظمة التي سلّمتها، بطريق آخر (حضورياً أو على ورق أو بالهاتف)، الأرقام الأربعين لجهازها الموقِّع، وقارنها بهذه
الأرقام الموجودة أيضاً في bundle.txt:

    {fingerprint}

تشمل الأرقام الأربعون المفاتيح العامة الثلاثة في signer.card. استعمل "testimony-verify --trust FILE" مع ملف يحويها
لتتحقق أيضاً من الأرقام والحجب والموافقة وسجل الحيازة.

ما لا يثبته هذا
أن ما قيل صحيح؛ أن ساعة الجهاز كانت مضبوطة؛ أنه لم يُضف قيد لاحق إلى سجل الحيازة؛ أن أحداً لم يُجبَر على الختم.
"""


def guide_texts(*, bundle_id: str, signer: str, fingerprint: str) -> tuple[bytes, bytes]:
    """The English and the Arabic guide of one bundle."""
    steps = {step: "\n".join(f"    $ {line}" for line in lines) for step, lines in _COMMANDS.items()}
    filled = {step: text.format(file=file_name(bundle_id), signer=signer) for step, text in steps.items()}
    english, arabic = (text.format(fingerprint=fingerprint, **filled) for text in (_ENGLISH, _ARABIC))
    return english.encode("utf-8"), arabic.encode("utf-8")


def file_name(bundle_id: str) -> str:
    """The neutral name of the sealed file: it tells neither case nor date nor people."""
    return f"{bundle_id[:16]}.age"
