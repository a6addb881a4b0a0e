"""HOW-TO-VERIFY: how to check a bundle with stock tools, in English and Arabic (docs/format/bundle-v1.md, 3.5).

Every line that starts with four blanks and `$`, or with four blanks and `npm$`, is a command; a test runs them as
printed. None ends the shell, because it may be the terminal of whoever reads this.
"""

from typing import Final

_SAID: Final = " && echo GOOD || echo BAD"
_VERIFY: Final = "ssh-keygen -Y verify -f {keys} -I {{signer}} -n {kind}@testimony-vault -s {signature} < {signed}"


def _bundle_command(keys: str, ending: str) -> str:
    verify = _VERIFY.format(keys=keys, kind="bundle", signature=f"bundle.txt{ending}", signed="bundle.txt")
    return verify + _SAID


def _heads_command(keys: str, ending: str) -> str:
    verify = _VERIFY.format(keys=keys, kind="record", signature=f'"$head{ending}"', signed='"$head"')
    return f"for head in data/records/*.head; do {verify}{_SAID}; done"


def _named_command(line: str, file: str) -> str:
    return f'grep -q "^{line} $(sha256sum < {file} | cut -c1-64)$" bundle.txt{_SAID}'


_COMMANDS: Final = {
    "open": (
        "$ umask 077",
        f"$ age -d -i identity.txt -o bundle.tar {{file}}{_SAID}",
        f"$ mkdir bag && tar -xf bundle.tar -C bag && cd bag{_SAID}",
    ),
    "npm": (
        "npm$ npm install --ignore-scripts age-encryption@0.3.1",
        (
            """npm$ node --input-type=module -e 'import {{ Decrypter }} from "age-encryption";"""
            """ import {{ readFileSync, writeFileSync }} from "node:fs"; const age = new Decrypter();"""
            """ age.addIdentity(readFileSync("identity.txt", "utf8").match(/^AGE-SECRET-KEY-PQ-1\\w+/m)[0]);"""
            """ writeFileSync("bundle.tar", await age.decrypt(readFileSync("{file}")));'"""
            f"{_SAID}"
        ),
    ),
    "digests": (
        f"$ sha256sum --quiet --strict -c manifest-sha256.txt{_SAID}",
        f"$ sha256sum --quiet --strict -c tagmanifest-sha256.txt{_SAID}",
        f"$ [ $(find data ! -type d | wc -l) -eq $(wc -l < manifest-sha256.txt) ]{_SAID}",
        "$ " + _named_command("manifest:", "manifest-sha256.txt"),
        "$ " + _named_command("guide: HOW-TO-VERIFY.txt", "HOW-TO-VERIFY.txt"),
        "$ " + _named_command("guide: HOW-TO-VERIFY.ar.txt", "HOW-TO-VERIFY.ar.txt"),
    ),
    "seal": ("$ " + _bundle_command("allowed_signers", ".sig"),),
    "heads": (
        "$ " + _heads_command("allowed_signers", ".sig"),
        "$ for head in data/records/*.head; do " + _named_command("record: .*", '"$head"') + "; done",
    ),
    "hybrid": (
        "$ ssh -V",
        "$ " + _bundle_command("allowed_signers.pq", ".pq.sig"),
        "$ " + _heads_command("allowed_signers.pq", ".pq.sig"),
    ),
    "delete": (f"$ [ -f bundle.txt ] && cd .. && rm -r bag bundle.tar{_SAID}",),
}

_ENGLISH: Final = """\
HOW TO VERIFY THIS BUNDLE WITHOUT ITS MAKERS' SOFTWARE

You need three programs that anyone can get: age 1.3 or newer (https://age-encryption.org), tar with sha256sum, and
OpenSSH (ssh-keygen). Lines that begin with a dollar sign are commands for a POSIX shell. Work in an empty folder of
your own, on an encrypted disk, with the sealed file and identity.txt, your own secret key file, in it.
Every command but two prints GOOD or BAD at its end ("umask" prints nothing, "ssh -V" a version). One BAD, or a command
without an answer, means that the step failed or could not be made (steps 1 and 5 say when): stop there, and do not rely
on the bundle before it is made.

1. Open the sealed file and unpack it. GOOD must appear twice.
{open}
   age refuses a file of which a single byte was changed, and a file that was not sealed to you ("no identity matched":
   that says nothing against the bundle). If age is older than 1.3, the npm package age-encryption 0.3 or newer with
   Node.js 20.19 or newer opens files below 2 GB. After "umask 077", give these two lines instead of the line with age.
   The first one fetches it; after the second GOOD must appear.
{npm}

2. Check every digest, that no file is there besides those listed, and that the signed statement names these digests
   and both guides. GOOD must appear six times.
{digests}
   The file "padding" is in no manifest: it is zeros that hide the true length.

3. Check the seal over the statement, bundle.txt. A line that begins with 'Good "bundle@testimony-vault" signature for
   {signer}' must appear, then GOOD.
{seal}
   Then read bundle.txt: for whom the bundle was sealed, for what purpose, by whom, how many records it holds and how
   many were withheld.

4. Check the recorder's signature on the head of every record, and that the statement names these heads. From each of
   the two lines GOOD must appear as often as bundle.txt has lines that begin with "record:".
{heads}

5. The second signature, by a key that resists quantum computers. This step needs OpenSSH 10.4 or newer: the first line
   shows which one you have. Then as many GOOD as in step 3, and as in the first line of step 4.
{hybrid}
   An OpenSSH older than 10.4 does not know this kind of key. It answers "Could not verify signature." and BAD, whether
   the signature is right or wrong. That is no sign of forgery: the step was not made. Make it with a newer one.

6. When you have read this page to its end, delete what you opened; this page is among it.
   Keep the sealed file: it is what was handed over. GOOD must appear.
{delete}

WHOSE KEY IS IT?
The keys in allowed_signers came inside this bundle. With them alone you learn that the bundle is consistent with
itself, not who made it. Ask the organisation that handed it over, by another way (in person, on paper, by telephone),
for the forty digits of its signing device, and compare them with these, which stand in bundle.txt too:

    {fingerprint}

The forty digits cover all three public keys in signer.card. That the keys in allowed_signers are those keys, no command
above has checked: a forger could print true digits beside false keys. Do one of two things: run
"testimony-verify --trust FILE", FILE being a text file with the forty digits that you were given; or ask the
organisation for its two files allowed_signers and allowed_signers.pq and use those in steps 3, 4 and 5.

WHAT THESE COMMANDS DO NOT CHECK
- The redaction proofs: that every word shown belongs to the record that was signed, and every gap is visible.
- The consent: that the person agreed to this body and this purpose, and that no more is shown than was agreed to.
- The custody log: that it is unbroken, and holds the finishing of each record and the sealing of this bundle.
- The reading copies in data/text and the tables in data/legal: that they say what the records say.
- Translations and transcripts in data/companions: their signatures, and that each belongs to a record that is here.
- The files in data/exhibits: that each is the one that its record signed. What stands in data/custody/anchors.
testimony-verify checks these:  testimony-verify --identity identity.txt --trust FILE {file}

IF YOU HAVE AN EARLIER BUNDLE ABOUT THE SAME RECORD
A reading copy in data/text whose first line ends in -R02 or a higher number shows this body something that an earlier
bundle hid, or hides something that it showed. Take the earlier sealed file, EARLIER, and give both:
testimony-verify --identity identity.txt --trust FILE --earlier EARLIER {file}
It says of each record which places are shown anew, whether the record declares exactly these, and what is hidden again.
Without it: the .head files of the record must be the same in both bundles (cmp), and "since" at the end of the later
.json file in data/records must be the SHA-256 of the earlier one.

IF THERE ARE TIME-STAMPS
A file data/custody/anchors/*.token is the answer of a time-stamp authority (RFC 3161): it says that the custody log had
reached a certain state at a certain time. testimony-verify reads that time and does not check the authority's
signature. OpenSSL does, with the root certificate that you got from the authority itself, here authority.pem:
openssl ts -reply -in NAME.token -text
shows the time and, as message data, a digest. The file DIGEST.head beside it is what was stamped.
openssl ts -verify -data DIGEST.head -in NAME.token -CAfile authority.pem -attime SECONDS
must answer "Verification: OK". SECONDS is the time shown, counted from 1970: date -d "TIME" +%s
This proves that the log was so far by then, not when an interview was held. "certificate has expired" without -attime
is no sign of forgery; whether the certificate was revoked is to be asked of the authority.

WHAT THIS DOES NOT PROVE
That what was said is true; that the clock of the device was right; that no later entry was made in the custody log;
that nobody was forced to seal it.
"""

_ARABIC: Final = """\
كيف تتحقق من هذه الحزمة دون برنامج صانعيها

تحتاج إلى ثلاثة برامج متاحة للجميع: age من الإصدار 1.3 أو أحدث (https://age-encryption.org)، وtar مع sha256sum،
وOpenSSH (ssh-keygen). السطور التي تبدأ بعلامة الدولار أوامر لصدفة POSIX. اعمل في مجلد فارغ لك وحدك على قرص مشفَّر،
فيه الملف المختوم والملف identity.txt وهو ملف مفتاحك السري.
كل أمر ينتهي بطباعة GOOD (صحيح) أو BAD (فشل)، ما عدا اثنين: umask لا يطبع شيئاً، وssh -V يطبع رقم إصدار.
إذا ظهرت BAD مرة واحدة أو لم يُجب أمر فقد فشلت الخطوة أو تعذّر إجراؤها (انظر الخطوتين 1 و5): توقف عندها، ولا تعتمد
على الحزمة قبل إجرائها.

1. افتح الملف المختوم وفكّه. يجب أن تظهر GOOD مرتين.
{open}
   يرفض age ملفاً تغيّر فيه بايت واحد، وملفاً لم يُختم لك ("no identity matched"، وهذا لا يقول شيئاً ضد الحزمة).
   إذا كان age أقدم من 1.3 فإن حزمة npm المسماة age-encryption من الإصدار 0.3 أو أحدث، مع Node.js من الإصدار 20.19 أو
   أحدث، تفتح الملفات دون 2 غيغابايت.
   بعد "umask 077" أعطِ هذين السطرين بدل سطر age. الأول يجلبها، وبعد الثاني يجب أن تظهر GOOD.
{npm}

2. تحقق من كل بصمة رقمية، ومن أنه لا ملف غير الملفات المدرجة، ومن أن البيان الموقَّع يسمّي هذه البصمات والدليلين.
   يجب أن تظهر GOOD ست مرات.
{digests}
   الملف padding ليس في أي قائمة: هو أصفار تخفي الطول الحقيقي.

3. تحقق من الختم على البيان bundle.txt. يجب أن يظهر سطر يبدأ بـ
   'Good "bundle@testimony-vault" signature for {signer}' ثم GOOD.
{seal}
   ثم اقرأ bundle.txt: لمن خُتمت الحزمة، ولأي غرض، ومن ختمها، وكم سجلاً فيها وكم سجلاً حُجب.

4. تحقق من توقيع المسجِّل على رأس كل سجل، ومن أن البيان يسمّي هذه الرؤوس. يجب أن تظهر GOOD من كل من السطرين
   بعدد سطور bundle.txt التي تبدأ بـ "record:".
{heads}

5. التوقيع الثاني بمفتاح يصمد أمام الحواسيب الكمومية. تحتاج هذه الخطوة إلى OpenSSH 10.4 أو أحدث: السطر الأول يُظهر
   إصدارك. ثم يجب أن تظهر GOOD بعددها في الخطوة 3 وفي السطر الأول من الخطوة 4.
{hybrid}
   إصدار OpenSSH الأقدم من 10.4 لا يعرف هذا النوع من المفاتيح، فيجيب "Could not verify signature." وBAD سواء كان
   التوقيع صحيحاً أو خاطئاً. ليس هذا دليلاً على التزوير: الخطوة لم تُجرَ. أجرِها بإصدار أحدث.

6. بعد قراءة هذه الصفحة حتى آخرها احذف ما فتحته، وهي منه. واحتفظ بالملف المختوم فهو ما سُلِّم إليك. يجب أن تظهر GOOD.
{delete}

مفتاح مَن هذا؟
المفاتيح في allowed_signers جاءت داخل هذه الحزمة. بها وحدها تعرف أن الحزمة متسقة مع نفسها، لا من صنعها. اطلب من
المنظمة التي سلّمتها، بطريق آخر (حضورياً أو على ورق أو بالهاتف)، الأرقام الأربعين لجهازها الموقِّع، وقارنها بهذه
الأرقام الموجودة أيضاً في bundle.txt:

    {fingerprint}

تشمل الأرقام الأربعون المفاتيح العامة الثلاثة في signer.card. أما أن المفاتيح في allowed_signers هي هذه المفاتيح فلم
يتحقق منه أي أمر أعلاه: قد يضع مزوِّر أرقاماً صحيحة بجانب مفاتيح كاذبة. افعل أحد أمرين: شغّل
"testimony-verify --trust FILE" حيث FILE ملف نصي فيه الأرقام الأربعون التي أُعطيتها، أو اطلب من المنظمة ملفيها
allowed_signers وallowed_signers.pq واستعملهما في الخطوات 3 و4 و5.

ما لا تفحصه هذه الأوامر
- براهين الحجب: أن كل كلمة ظاهرة من السجل الموقَّع، وأن كل فراغ مرئي.
- الموافقة: أن الشخص وافق على هذه الجهة وهذا الغرض، وأنه لا يظهر أكثر مما وافق عليه.
- سجل الحيازة: أنه غير منقطع، وفيه إتمام كل سجل وختم هذه الحزمة.
- نسخ القراءة في data/text والجداول في data/legal: أنها تقول ما تقوله السجلات.
- الترجمات والتفريغات في data/companions: توقيعاتها، وأن كلاً منها يتبع سجلاً موجوداً هنا.
- الملفات في data/exhibits: أن كلاً منها هو الذي وقّعه سجله. وما في data/custody/anchors.
برنامج testimony-verify يفحصها:  testimony-verify --identity identity.txt --trust FILE {file}

إن كانت لديك حزمة سابقة عن السجل نفسه
نسخة القراءة في data/text التي ينتهي سطرها الأول بـ -R02 أو برقم أعلى تُظهر لهذه الجهة شيئاً حجبته حزمة سابقة، أو تحجب
شيئاً كان ظاهراً فيها. خذ الملف المختوم السابق EARLIER وأعطِ الاثنين:
testimony-verify --identity identity.txt --trust FILE --earlier EARLIER {file}
يقول عن كل سجل أي مواضع تظهر من جديد، وهل يصرّح السجل بها هي بالضبط، وما الذي حُجب من جديد. ومن دونه: يجب أن يكون
ملف .head للسجل هو نفسه في الحزمتين (cmp)، وأن تكون "since" في آخر ملف .json اللاحق في data/records هي بصمة SHA-256
للملف السابق.

إن كانت فيها أختام زمنية
الملف data/custody/anchors/*.token جواب من سلطة أختام زمنية (RFC 3161) يقول إن سجل الحيازة بلغ حالة معيّنة في وقت معيّن.
يقرأ testimony-verify هذا الوقت ولا يفحص توقيع السلطة. يفحصه OpenSSL بشهادة الجذر التي حصلت عليها من السلطة نفسها،
وهي هنا authority.pem:
openssl ts -reply -in NAME.token -text
يُظهر الوقت، وتحت message data بصمةً. والملف DIGEST.head بجانبه هو ما خُتم.
openssl ts -verify -data DIGEST.head -in NAME.token -CAfile authority.pem -attime SECONDS
يجب أن يجيب "Verification: OK". وSECONDS هو الوقت الظاهر محسوباً بالثواني منذ 1970: date -d "TIME" +%s
يثبت هذا أن السجل كان قد بلغ ذلك حينها، لا متى جرت المقابلة. وجواب "certificate has expired" من دون -attime ليس دليلاً
على التزوير، أما هل أُلغيت الشهادة فتُسأل عنه السلطة.

ما لا يثبته هذا
أن ما قيل صحيح؛ أن ساعة الجهاز كانت مضبوطة؛ أنه لم يُضف قيد لاحق إلى سجل الحيازة؛ أن أحداً لم يُجبَر على الختم.
"""


def guide_texts(*, bundle_id: str, signer: str, fingerprint: str) -> tuple[bytes, bytes]:
    """The English and the Arabic guide of one bundle."""
    steps = {step: "\n".join(f"    {line}" for line in lines) for step, lines in _COMMANDS.items()}
    named = {"file": file_name(bundle_id), "signer": signer}
    filled = {step: text.format_map(named) for step, text in steps.items()}
    english, arabic = (text.format(fingerprint=fingerprint, **named, **filled) for text in (_ENGLISH, _ARABIC))
    return english.encode("utf-8"), arabic.encode("utf-8")


def file_name(bundle_id: str) -> str:
    """The neutral name of the sealed file: it tells neither case nor date nor people."""
    return f"{bundle_id[:16]}.age"
