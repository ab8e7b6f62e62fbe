# Values for tests/reference/test_survey_reference.py. Run in this folder: Rscript survey_r_values.R
# Written by R 4.2.2 with survey 4.1.1.
suppressMessages(library(survey))
as_json <- function(x) {
  if (is.character(x)) return(paste0('"', x, '"'))
  if (!is.list(x)) {
    digits <- paste(sprintf("%.17g", x), collapse=", ")
    return(if (length(x) == 1) digits else paste0("[", digits, "]"))
  }
  paste0("{", paste0('"', names(x), '": ', sapply(x, as_json), collapse=",\n"), "}")
}
strat <- read.csv("apistrat.csv"); clus1 <- read.csv("apiclus1.csv"); clus2 <- read.csv("apiclus2.csv")
out <- list(versions=list(R=R.version.string, survey=as.character(packageVersion("survey"))))
number <- function(x) unname(as.numeric(x))
overall <- function(d) {
  m <- svymean(~api99, d); r <- svymean(~api99, d, deff="replace")
  list(mean=number(coef(m)), se=number(SE(m)), deff_replace=number(deff(r)), df=degf(d))
}

# One school only of stratum H, which has 755: alone, of the four ways to treat it
one_h <- strat[strat$stype != "H" | strat$snum == strat$snum[strat$stype == "H"][1], ]
lonely <- list()
for (option in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu=option)
  with <- svydesign(id=~1, strata=~stype, weights=~pw, data=one_h, fpc=~fpc)
  without <- svydesign(id=~1, strata=~stype, weights=~pw, data=one_h)
  lonely[[option]] <- list(fpc=overall(with), no_fpc=overall(without),
    both_no=number(SE(svymean(~api99, subset(without, both == "No")))))
}
out$lonely_stratum <- lonely

# One school of several in a district, at the second stage
several <- clus2$dnum[duplicated(clus2$dnum) & clus2$fpc2 > 2][1]
one_school <- clus2[clus2$dnum != several | !duplicated(clus2$dnum), ]
options(survey.lonely.psu="certainty")
lonely <- list(district=several)
for (option in c("certainty", "adjust")) {
  options(survey.lonely.psu=option)
  lonely[[option]] <- overall(svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=one_school))
}
out$lonely_second_stage <- lonely
options(survey.lonely.psu="fail")

# Weights of 0 keep their clusters in the variance and lose them in the degrees of freedom
zeros <- clus1; zeros$w <- ifelse(zeros$dnum %in% c(61, 135), 0, zeros$pw + zeros$enroll / 50)
out$zero_weights <- overall(svydesign(id=~dnum, weights=~w, data=zeros))

# Weights that are not equal, by domain: means, standard errors, degrees of freedom of the
# domain, and svyciprop's intervals where it has some
weighted <- transform(clus1, w=enroll)
d <- svydesign(id=~dnum, weights=~w, data=weighted, fpc=~fpc)
out$weighted_domains <- lapply(setNames(nm=c("E", "H", "M")), function(s) {
  part <- subset(d, stype == s); m <- svymean(~api99, part, deff="replace")
  p <- svymean(~I(awards == "Yes"), part)
  list(mean=number(coef(m)), se=number(SE(m)), deff_replace=number(deff(m)), df=degf(part),
    t=number(confint(m, df=degf(part))), t80=number(confint(m, level=.8, df=degf(part))),
    share=number(coef(p))[2], share_se=number(SE(p))[2],
    beta=number(confint(svyciprop(~I(awards == "Yes"), part, method="beta"))),
    logit=number(confint(svyciprop(~I(awards == "Yes"), part, method="logit"))),
    beta99=number(confint(svyciprop(~I(awards == "Yes"), part, method="beta", level=.99))))
})

# Weights that follow from the population sizes; schools of a district as good as endless
out$implied_weights <- overall(svydesign(id=~dnum, data=clus1, fpc=~fpc))
# (where it drew only one, that adds nothing)
options(survey.lonely.psu="certainty")
endless <- transform(clus2, many=Inf)
out$second_stage_of_many <- overall(svydesign(id=~dnum+snum, weights=~pw, data=endless, fpc=~fpc1+many))
options(survey.lonely.psu="fail")

# Strata, clusters within them under labels that repeat, and a domain
nested <- transform(clus1, label=as.integer(factor(dnum)) %% 8, side=ifelse(as.integer(factor(dnum)) > 7, "b", "a"))
d <- svydesign(id=~label, strata=~side, nest=TRUE, weights=~pw, data=nested)
out$nested_labels <- c(overall(d), list(middle_se=number(SE(svymean(~api99, subset(d, stype == "M"))))))

# A census of the clusters
out$census <- overall(svydesign(id=~dnum, weights=~pw, data=transform(clus1, all=15), fpc=~all))

# Lohr (2010), Sampling: Design and Analysis, 2nd ed., example 5.2
grades <- data.frame(suite=rep(1:5, each=4), population=100, gpa=c(3.08, 2.60, 3.44, 3.04, 2.36, 3.04, 3.28,
  2.68, 2.00, 2.56, 2.52, 1.88, 3.00, 2.88, 3.44, 3.64, 2.68, 1.92, 3.28, 3.20))
m <- svymean(~gpa, svydesign(id=~suite, data=grades, fpc=~population))
out$grades <- list(mean=number(coef(m)), se=number(SE(m)))

# Replicate weights that follow a rule, so that Python makes the same: of the k-th of the 15 districts
# in the r-th replicate. Weights are not equal, answers go by domain as well. method="logit" takes
# the log odds of each replicate, "xlogit" those of the estimate, with the variance of the share.
k <- as.integer(factor(clus1$dnum)); w <- clus1$enroll
rule <- function(replicates, factor_of) sapply(seq_len(replicates), function(r) w * factor_of(k, r))
hadamard <- matrix(1); for (i in 1:4) hadamard <- kronecker(matrix(c(1, 1, 1, -1), 2), hadamard)
half <- function(k, r) ifelse(k %% 2 == 1, 1, -1) * hadamard[cbind((k + 1) %/% 2 + 1, r)]
left_out <- function(k, r) ifelse(k == r, 0, 15 / 14)
side_left_out <- function(k, r) ifelse((k > 7) != (r > 7), 1, ifelse(k == r, 0, ifelse(r > 7, 8 / 7, 7 / 6)))
drawn <- function(k, r) (k * r * r + 3 * k + r) %% 5
successive <- function(k, r) 1 + (hadamard[cbind(k, r)] - hadamard[cbind(k + 1, r)]) / sqrt(8)
side <- c(rep(6 / 7, 7), rep(7 / 8, 8))
sets <- list(
  jk1=list(rule(15, left_out), type="JK1"), jkn=list(rule(15, side_left_out), type="JKn", rscales=side, scale=1),
  jk2=list(rule(8, function(k, r) 1 + ((k + 1) %/% 2 == r) * ifelse(k %% 2 == 1, 1, -1)), type="JK2"),
  brr=list(rule(16, function(k, r) 1 + half(k, r)), type="BRR"),
  fay=list(rule(16, function(k, r) 1 + .7 * half(k, r)), type="Fay", rho=.3),
  bootstrap=list(rule(40, drawn), type="bootstrap"),
  sdr=list(rule(16, successive), type="successive-difference"),
  other=list(rule(10, drawn), type="other", scale=.2, rscales=c(0, 1, 2, 3, 1, 1, 1, 0, 1, 1)))
out$replicate_weights <- lapply(sets, function(set) lapply(c(about_mean=FALSE, about_estimate=TRUE), function(mse) {
  d <- suppressWarnings(do.call(svrepdesign, c(list(repweights=set[[1]], weights=w, data=clus1, mse=mse,
    combined.weights=TRUE), set[-1])))
  parts <- lapply(setNames(nm=c("all", "E", "H", "M")), function(s) {
    part <- if (s == "all") d else subset(d, stype == s)
    m <- svymean(~api99, part, deff="replace"); p <- svymean(~I(awards == "Yes"), part)
    list(mean=number(coef(m)), se=number(SE(m)), deff_replace=number(deff(m)), df=degf(part),
      t=number(confint(m, df=degf(part))), share_se=number(SE(p))[2],
      beta=number(confint(svyciprop(~I(awards == "Yes"), part, method="beta"))),
      xlogit=number(confint(svyciprop(~I(awards == "Yes"), part, method="xlogit"))))
  })
  parts
}))
writeLines(as_json(out), "survey_r_values.json")
