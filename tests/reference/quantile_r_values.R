# Values for tests/reference/test_quantile_reference.py. Run in this folder: Rscript quantile_r_values.R
# Written by R 4.2.2 with survey 4.1.1.
#
# Survey's own svyquantile tests each value by the design variance with interval.type="score", but
# goes back to the data by the unweighted share below a limit: where weights are equal, its limits are
# those of the test to within one value. So the same test is made here of svymean and svyciprop
# at each value, for any weights.
suppressMessages(library(survey))
strat <- read.csv("apistrat.csv"); clus1 <- read.csv("apiclus1.csv")
designs <- list(
  apistrat=svydesign(id=~1, strata=~stype, weights=~pw, data=strat, fpc=~fpc),
  apiclus1=svydesign(id=~dnum, weights=~pw, data=clus1, fpc=~fpc))
shares <- c(.25, .5, .9)
limits <- function(design, method) {
  x <- sort(unique(design$variables$api00)); x <- x[-length(x)]
  sapply(x, function(at) {
    design$variables$up_to <- as.numeric(design$variables$api00 <= at)
    if (method == "t") return(c(confint(svymean(~up_to, design), df=degf(design))))
    c(confint(suppressWarnings(svyciprop(~up_to, design, method=method, df=degf(design)))))
  })
}
turned <- function(design, method, q) {
  x <- sort(unique(design$variables$api00)); found <- limits(design, method)
  c(x[c(found[2, ], 1) >= q][1], rev(x[c(0, found[1, ]) <= q])[1])
}
own <- function(design, type) sapply(shares, function(q)
  c(confint(svyquantile(~api00, design, q, interval.type=type, qrule="math", df=degf(design)))))
vector <- function(x) paste0("[", paste(x, collapse=", "), "]")
lines <- c(paste0('"versions": "', R.version.string, ", survey ", packageVersion("survey"), '"'))
for (name in names(designs)) {
  d <- designs[[name]]
  school <- sapply(shares, function(q) coef(svyquantile(~api00, d, q, qrule="school", ci=FALSE)))
  lines <- c(lines, paste0('"', name, ' value": ', vector(school)), paste0('"', name, ' df": ', degf(d)),
    paste0('"', name, ' svyquantile score": ', vector(c(suppressWarnings(own(d, "score"))))))
  for (method in c("t", "logit", "beta")) {
    both <- sapply(shares, function(q) turned(d, method, q))
    lines <- c(lines, paste0('"', name, " ", method, '": ', vector(c(both))))
  }
}
# Ranks for medians of 6 to 30 values and 90 % quantiles of 36 to 60, by qbinom
lines <- c(lines, paste0('"median ranks": ', vector(qbinom(.025, 6:30, .5))),
  paste0('"ranks of .9": ', vector(qbinom(.975, 36:60, .9) + 1)))
# On a coarse scale svyquantile's default takes limits of the share up to the median itself, here .9
coarse <- data.frame(answer=rep(1:5, c(40, 59, 81, 10, 10)), w=1)
found <- confint(svyquantile(~answer, svydesign(id=~1, weights=~w, data=coarse), .5, interval.type="mean"))
lines <- c(lines, paste0('"coarse svyquantile mean": ', vector(c(found))))
writeLines(paste0("{\n", paste(lines, collapse=",\n"), "\n}"), "quantile_r_values.json")
