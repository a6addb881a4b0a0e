"""The conditions that travel in every bundle (record.md, C16): shown first to whoever takes it in."""

from typing import Final

CONDITIONS: Final = """\
Conditions of this bundle

1. Use it only for the purpose that bundle.txt names.
2. Do not pass it on, whole or in part, without asking the body that sealed it. Each further recipient needs the consent of the person.
3. Do not try to find out who is behind a code or a gap.
4. Do not contact the person except through the body that sealed it.
5. Keep it encrypted. When you are told that consent was withdrawn, stop using it and say so.
6. It may have to be disclosed to the defence. Tell the body that sealed it before that happens.

شروط هذه الحزمة

١. تُستعمل للغاية المذكورة في bundle.txt وحدها.
٢. لا تُسلَّم كلها أو بعضها إلى غيركم قبل سؤال الجهة التي ختمتها. كل متلقٍّ آخر يحتاج إلى موافقة صاحب الإفادة.
٣. لا تحاولوا معرفة من وراء رمز أو موضع محجوب.
٤. لا تتصلوا بصاحب الإفادة إلا عن طريق الجهة التي ختمتها.
٥. احفظوها مشفَّرة. وإذا أُبلغتم بسحب الموافقة فأوقفوا استعمالها وأعلمونا.
٦. قد يلزم كشفها للدفاع. أعلموا الجهة التي ختمتها قبل ذلك.
"""  # noqa: E501  # a document, line by line
